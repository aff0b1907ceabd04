"""Calls behind the wall, and the function that makes a month's partition."""

from django.db import migrations

FORWARD = """
SELECT tenant_reference('calls_batch', 'profile_id', 'calls_importprofile', 'NO ACTION');
SELECT tenant_reference('calls_rowerror', 'batch_id', 'calls_batch', 'CASCADE');
SELECT tenant_reference('calls_mark', 'contract_id', 'contracts_contract', 'NO ACTION');
SELECT tenant_protect('calls_call');
SELECT tenant_protect('calls_callreason');
SELECT tenant_protect('calls_customer');
SELECT tenant_protect('calls_formercall');
SELECT tenant_protect('calls_importprofile');
SELECT tenant_protect('calls_batch');
SELECT tenant_protect('calls_rowerror');
SELECT tenant_protect('calls_mark');
SELECT tenant_protect('calls_storedanswer');

-- Makes the partition of a month. The app owns nothing, so the owner lends it just this (listed definer function).
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
  IF to_regclass('public.' || part) IS NOT NULL THEN
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
REVERSE = """
DROP FUNCTION calls_partition_make(date);
DROP POLICY tenant ON calls_call;
ALTER TABLE calls_call DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON calls_callreason;
ALTER TABLE calls_callreason DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON calls_customer;
ALTER TABLE calls_customer DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON calls_formercall;
ALTER TABLE calls_formercall DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON calls_importprofile;
ALTER TABLE calls_importprofile DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON calls_batch;
ALTER TABLE calls_batch DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON calls_rowerror;
ALTER TABLE calls_rowerror DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON calls_mark;
ALTER TABLE calls_mark DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
DROP POLICY tenant ON calls_storedanswer;
ALTER TABLE calls_storedanswer DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;
ALTER TABLE calls_mark DROP CONSTRAINT calls_mark_contract_id_tenant;
ALTER TABLE calls_rowerror DROP CONSTRAINT calls_rowerror_batch_id_tenant;
ALTER TABLE calls_batch DROP CONSTRAINT calls_batch_profile_id_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("calls", "0001_initial"), ("contracts", "0002_walls")]
    operations = [migrations.RunSQL(FORWARD, REVERSE)]
