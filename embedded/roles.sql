-- The four roles, the database and what they may do in it. Run by psql as a superuser, as often as you like:
-- by the embedded servers at every start, by the tests on template1, and as init script of the postgres image.
--
--   database      variable, default callsteward; template1 makes every later database like it (the tests)
--   owner_createdb  variable; when set the owner may create databases (the tests)
--   passwords     from CALLSTEWARD_{OWNER,APP,DUMP,MONITOR}_PASSWORD; without them the roles have none
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;

\if :{?database}
\else
  \set database callsteward
\endif
\getenv owner_password CALLSTEWARD_OWNER_PASSWORD
\getenv app_password CALLSTEWARD_APP_PASSWORD
\getenv dump_password CALLSTEWARD_DUMP_PASSWORD
\getenv monitor_password CALLSTEWARD_MONITOR_PASSWORD

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['callsteward_owner', 'callsteward_app', 'callsteward_dump', 'callsteward_monitor']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- Owner: migrations only. App: owns nothing, row-level security binds it. Dump: reads everything, writes nothing.
ALTER ROLE callsteward_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE callsteward_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE callsteward_dump LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION BYPASSRLS;
ALTER ROLE callsteward_monitor LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
GRANT pg_monitor TO callsteward_monitor;

\if :{?owner_createdb}
  ALTER ROLE callsteward_owner CREATEDB;
\endif
\if :{?owner_password}
  ALTER ROLE callsteward_owner PASSWORD :'owner_password';
\endif
\if :{?app_password}
  ALTER ROLE callsteward_app PASSWORD :'app_password';
\endif
\if :{?dump_password}
  ALTER ROLE callsteward_dump PASSWORD :'dump_password';
\endif
\if :{?monitor_password}
  ALTER ROLE callsteward_monitor PASSWORD :'monitor_password';
\endif

-- No query waits for ever; work that needs longer raises its own limit with SET LOCAL.
ALTER ROLE callsteward_app SET statement_timeout = '30s';
ALTER ROLE callsteward_app SET lock_timeout = '5s';
ALTER ROLE callsteward_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE callsteward_owner SET lock_timeout = '5s';
ALTER ROLE callsteward_dump SET default_transaction_read_only = on;
ALTER ROLE callsteward_monitor SET default_transaction_read_only = on;
ALTER ROLE callsteward_monitor SET statement_timeout = '10s';

SELECT format('CREATE DATABASE %I OWNER callsteward_owner', :'database')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', :'database') \gexec
-- TEMPORARY: files are copied into a temporary table first, because COPY cannot fill a table under row-level security.
SELECT format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO callsteward_owner, callsteward_app', :'database') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO callsteward_dump, callsteward_monitor', :'database') \gexec

\connect :database
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What the owner creates later, the others may use; a table that must not be changed takes rights back in its own
-- migration. Only future objects: granting on existing ones would undo that. Never TRUNCATE, REFERENCES or TRIGGER.
ALTER DEFAULT PRIVILEGES FOR ROLE callsteward_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO callsteward_app;
ALTER DEFAULT PRIVILEGES FOR ROLE callsteward_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO callsteward_app;
ALTER DEFAULT PRIVILEGES FOR ROLE callsteward_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO callsteward_app;
ALTER DEFAULT PRIVILEGES FOR ROLE callsteward_owner IN SCHEMA public
    GRANT SELECT ON TABLES TO callsteward_dump;
ALTER DEFAULT PRIVILEGES FOR ROLE callsteward_owner IN SCHEMA public
    GRANT SELECT ON SEQUENCES TO callsteward_dump;
