"""Calls behind the wall, and the function that makes a month's partition."""

from django.db import migrations

from core.walls import walls

TABLES = (
    "calls_call",
    "calls_callreason",
    "calls_customer",
    "calls_formercall",
    "calls_importprofile",
    "calls_batch",
    "calls_rowerror",
    "calls_mark",
    "calls_storedanswer",
    "calls_callidentity",
)
REFERENCES = (
    ("calls_batch", "profile_id", "calls_importprofile"),
    ("calls_rowerror", "batch_id", "calls_batch", "CASCADE"),
    ("calls_mark", "contract_id", "contracts_contract"),
)
MORE = """
CREATE FUNCTION calls_partition_make(month date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public AS $$
DECLARE
  first date := date_trunc('month', month)::date;
  part text := 'calls_call_' || to_char(first, 'YYYYMM');
BEGIN
  IF first < DATE '2000-01-01' OR first > DATE '2100-01-01' THEN
    RAISE EXCEPTION 'no calls of % are stored', first USING ERRCODE = '22008';
  END IF;
  IF to_regclass('public.' || part) IS NOT NULL THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(7002, 0);
  -- Read from the table: to_regclass remembers that there was none, and waiting for an advisory lock tells it nothing.
  IF EXISTS (SELECT FROM pg_class WHERE relname = part AND relnamespace = 'public'::regnamespace) THEN
    RETURN;
  END IF;
  -- Made beside the table and attached: readers and writers of other months go on meanwhile.
  EXECUTE format('CREATE TABLE public.%I (LIKE public.calls_call INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part);
  EXECUTE format('ALTER TABLE public.%I ADD CONSTRAINT month_only CHECK (offered_at >= %L AND offered_at < %L)',
                 part, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
  EXECUTE format('ALTER TABLE public.calls_call ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
                 part, first::timestamp AT TIME ZONE 'UTC', (first + interval '1 month')::timestamp AT TIME ZONE 'UTC');
  EXECUTE format('ALTER TABLE public.%I DROP CONSTRAINT month_only', part);
  PERFORM public.tenant_protect(format('public.%I', part)::regclass);
END $$;
"""
UNDO = """
DROP FUNCTION calls_partition_make(date);
"""


class Migration(migrations.Migration):
    replaces = [
        ("calls", "0002_walls"),
        ("calls", "0005_call_identity"),
        ("calls", "0006_masks_without_plus"),
        ("calls", "0007_partition_made_once"),
    ]
    dependencies = [("calls", "0001_tables"), ("contracts", "0002_behind_the_wall")]
    operations = [walls(tables=TABLES, references=REFERENCES, more=MORE, undo=UNDO)]
