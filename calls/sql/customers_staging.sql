-- Purpose: the callers of one part, and those among them that are new. Grain: customer.
CREATE TEMP TABLE IF NOT EXISTS calls_customer_key (customer_key bigint) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS calls_customer_fresh (
  customer_key bigint, number_encrypted bytea, number_masked text
) ON COMMIT DELETE ROWS;
