"""Who may do and see what: the one table of actions, and the one of object x field x role (T9).

Serializers, forms, exports, history and the access tests read it; nothing else decides. It tells which
*fields* exist for a role. Which *rows* exist is the scope's and the selectors' part:

- a vendor's people see their own vendor only, and the role ``agent`` its own calls and figures only;
- versions of a contract that nobody signed yet, with their definitions and targets, do not exist for vendors
  (:func:`version_states_visible`);
- everybody may read and mend their own profile and tokens; ``user`` and ``token`` below are about others'.
"""

from __future__ import annotations

from functools import cache

CLIENT_ROLES = (
    "platform_admin",
    "programme_manager",
    "contract_finance",
    "client_qa",
    "client_wfm",
    "auditor",
)
VENDOR_ROLES = ("vendor_manager", "vendor_supervisor", "vendor_qa", "vendor_wfm", "agent")
API_CLIENT = "api_client"
ROLES = (*CLIENT_ROLES, *VENDOR_ROLES, API_CLIENT)

# The columns of both tables, in this order: the client's roles, a vendor's, then the API client of each.
#   PA platform_admin  PM programme_manager  CF contract_finance  CQ client_qa  CW client_wfm  AU auditor
#   VM vendor_manager  VS vendor_supervisor  VQ vendor_qa  VW vendor_wfm  AG agent
#   CC client's api_client  VC vendor's api_client
COLUMNS = (
    *((role, "client") for role in CLIENT_ROLES),
    *((role, "vendor") for role in VENDOR_ROLES),
    (API_CLIENT, "client"),
    (API_CLIENT, "vendor"),
)

# y = allowed. A token narrows its owner's row further; it never widens it.
# users.manage is kept apart from contracts.sign, so that nobody makes up the second person to sign with.
PERMISSIONS = """
PPCCCA VVVVA CV
AMFQWU MSQWG CC
yyyyyy yyyy- yy  vendors.view      vendors, sites and queues
-y---- ----- --  vendors.edit      vendors and their queues
-y---- y---- --  sites.edit
yyyyyy yyyy- yy  agents.view
-y---- yy-y- --  agents.edit
yyyyyy yyyy- yy  contracts.view    vendors: signed versions only
-yy--- ----- --  contracts.edit    draft and submit
-yy--- ----- --  contracts.sign    never one's own submission
yyyyyy yyyyy yy  kpis.view         agents: their own figures
yyyyyy yyyyy yy  calls.view        agents: their own calls
-yyyyy yyyy- yy  calls.export
yyyyyy yyyy- yy  imports.view      files, their accounts and rejected rows
-y---- yy--- yy  calls.import
-y---- y---- --  profiles.edit     import profiles and reasons
-y---- y---- --  customers.unmask  with a reason, counted and recorded
yy---y y---- --  users.view
y----- y---- --  users.manage      a vendor's manager: own people below manager
yyyyy- yyyy- --  tokens.own        personal tokens
y----- y---- --  tokens.manage     service accounts and everybody's tokens
yy---y y---- --  audit.view        the whole book; an object's history goes with the object
"""

# r = read, w = read and write, - = does not exist for this role.
# "+" marks a field that is no column of its model.
# Keys ("id", "pk") are left out: they never leave the house, "uuid" does.
FIELDS = """
PPCCCA VVVVA CV
AMFQWU MSQWG CC
[organization]
rwrrrr rrrrr rr  name
rrrrrr rrrrr rr  side created_at is_active
wrrrrr wrrrr rr  mfa_required
[vendor]
rrrrrr rrrrr rr  uuid version
rwrrrr rrrrr rr  code name country is_active
rwrrrr rrrr- rr  contact_name contact_email
rwrrrr ----- --  note
------ ----- --  organization
[site]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr wrrrr rr  code name city country zone is_active
[queue]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr rrrrr rr  code name direction is_active
[agent]
rrrrrr rrrrr rr  uuid vendor version
rwrrrr wwrwr rr  code name team
rwrrrr wwrw- rr  site is_active
rwrrrr wwrw- -r  hired_on left_on
rrrrrr rrrr- --  +count +codes
[contract]
rrrrrr rrrr- rr  uuid vendor version +coverage +versions
rwwrrr rrrr- rr  code name zone currency starts_on ends_on
rww--r ----- --  note
[coverage]
rrrrrr rrrr- rr  vendor contract
rwwrrr rrrr- rr  queue starts_on ends_on
[version]
rrrrrr rrrr- rr  uuid vendor contract number state version +definitions +targets
rwwrrr rrrr- rr  effective_from service_hours change_note
rrrrrr rrrr- rr  signed_at document document_hash
rrr--r ----- --  return_note drafted_by_id submitted_by_id submitted_at signed_by_id
rrr--r ----- --  +drafted_by +submitted_by +signed_by
[definition]
rrrrrr rrrr- rr  vendor contract_version
rwwrrr rrrr- rr  queue formula threshold_seconds operator short_abandon_seconds count_flow_outs
rwwrrr rrrr- rr  connect_excludes_short abandonment_excludes_short bucketing
rwwrrr rrrr- rr  fcr_window_hours fcr_same_reason fcr_forward_minutes csat_top_from csat_best
[target]
rrrrrr rrrr- rr  vendor contract_version
rwwrrr rrrr- rr  queue kpi goal amber minimum
[call]
rrrrrr rrrrr rr  vendor +contract queue agent reason +customer
rrrrrr rrrrr rr  external_id revision direction outcome abandon_place offered_at answered_at ended_at
rrrrrr rrrrr rr  ring_seconds wait_seconds talk_seconds hold_seconds wrap_seconds
rrrrrr rrrrr rr  csat resolved success transferred_from ivr_path
rrrrrr rrrr- rr  +batch offered_text kept_at
rr-r-r rrr-- -r  recording
------ ----- --  contract_id batch_id customer_key
[customer]
rrrrrr rrrrr rr  number_masked
-r---- r---- --  +number
------ ----- --  vendor customer_key number_encrypted
[reason]
rrrrrr rrrrr rr  uuid vendor code
rwrrrr wrrrr rr  name
[profile]
rrrrrr rrrr- -r  uuid vendor number is_current created_at
rwrrrr wrrr- -r  name document
[batch]
rrrrrr rrrr- rr  uuid vendor number source state profile file_name size_bytes sha256 received_at finished_at
rrrrrr rrrr- rr  problem +message +errors problem_details rows_expected rows_seen parts_total parts_done
rrrrrr rrrr- rr  rows_read rows_new rows_updated rows_unchanged rows_superseded rows_duplicate rows_rejected
rrrrrr rrrr- rr  +read +new +updated +unchanged +superseded +duplicate +rejected
rrrrrr rrrr- rr  first_offered_at last_offered_at
rrrrrr rrrr- -r  received_by
r----r ----- --  attempts
------ ----- --  received_by_id is_open_or_loaded is_confirmed lease_until
[row_error]
rrrrrr rrrr- rr  vendor batch line column rule value
[kpi]
rrrrrr rrrrr rr  +vendor +contract +queue +agent +reason +start +end +tz
rrrrrr rrrrr rr  +value +numerator +denominator +unit +mean +interval +few +provisional
rrrrrr rrrrr rr  +definition_versions +completeness
rrrrrr rrrr- rr  +target +status +distance
[entry]
rrrrrr rrrr- --  uuid vendor_id at actor side action object_type object_id object_label changes
rr---r r---- --  sequence role
r----r ----- --  request_id previous_hash hash
------ ----- --  actor_id
[user]
wr---r w---- --  username display_name email is_active +role
rr---r r---- --  uuid is_service last_login date_joined +organization +mfa +address +method
------ ----- --  language theme password is_superuser is_staff first_name last_name groups user_permissions
[token]
rrrrrr rrrr- --  uuid prefix created_at last_used_at revoked_at
wwwwwr wwww- --  user name permissions expires_at
------ ----- --  digest
"""

# Which models an object of the table stands for.
MODELS = {
    "accounts.organization": "organization",
    "vendors.vendor": "vendor",
    "vendors.site": "site",
    "vendors.queue": "queue",
    "vendors.agent": "agent",
    "contracts.contract": "contract",
    "contracts.coverage": "coverage",
    "contracts.version": "version",
    "contracts.queuedefinition": "definition",
    "contracts.target": "target",
    "calls.call": "call",
    "calls.formercall": "call",
    "calls.customer": "customer",
    "calls.callreason": "reason",
    "calls.importprofile": "profile",
    "calls.batch": "batch",
    "calls.rowerror": "row_error",
    "audit.entry": "entry",
    "accounts.user": "user",
    "accounts.apitoken": "token",
}
# Models that nobody is shown as such, and why.
INTERNAL_MODELS = {
    "accounts.membership": "shown as a user's role and organization",
    "calls.callidentity": "where a call lies; read with the call",
    "calls.mark": "work to do, drained by sla",
    "calls.storedanswer": "replayed to the client that got it first",
    "sla.queuehalfhour": "read as kpi",
    "sla.queueday": "read as kpi",
    "sla.agentday": "read as kpi",
    "sla.reasonday": "read as kpi",
    "sla.contractday": "read as kpi (completeness)",
    "sla.appliedversion": "work done",
    "sla.sweep": "health of the platform",
}

# The action that lets a role open an object, and with it the object's history.
VIEW_PERMISSIONS = {
    "organization": "vendors.view",
    "vendor": "vendors.view",
    "site": "vendors.view",
    "queue": "vendors.view",
    "agent": "agents.view",
    "contract": "contracts.view",
    "coverage": "contracts.view",
    "version": "contracts.view",
    "definition": "contracts.view",
    "target": "contracts.view",
    "call": "calls.view",
    "customer": "calls.view",
    "reason": "calls.view",
    "profile": "imports.view",
    "batch": "imports.view",
    "row_error": "imports.view",
    "kpi": "kpis.view",
    "entry": "audit.view",
    "user": "users.view",
    "token": "tokens.manage",
}

# Objects of a contract's draft: to vendors, their history begins with the signature.
DRAFTED = frozenset({"version", "definition", "target"})
SIGNING = "signed"

# The platform's own work (commands, tasks) sees with these roles' eyes.
PLATFORM = "platform"
_PLATFORM_AS = {"client": "programme_manager", "vendor": "vendor_manager"}


@cache
def permissions_of(role: str, side: str) -> frozenset[str]:
    """Return the actions of a role; none for a role that the side does not have."""
    column = _column(role, side)
    if column is None:
        return frozenset()
    return frozenset(names[0] for marks, names in _rows(PERMISSIONS) if marks[column] == "y")


@cache
def token_permissions_of(role: str, side: str) -> frozenset[str]:
    """Return the actions that a role's API token may carry: none that make people, tokens or clear numbers."""
    return frozenset(
        name
        for name in permissions_of(role, side)
        if name != "customers.unmask" and not name.startswith(("users.", "tokens."))
    )


@cache
def all_permissions() -> tuple[str, ...]:
    """Return every action there is, in the table's order."""
    return tuple(names[0] for _, names in _rows(PERMISSIONS))


@cache
def fields_readable(role: str, side: str, obj: str) -> frozenset[str]:
    """Return the fields of an object that exist for a role.

    Raises:
        KeyError: The table has no such object.
    """
    return _fields(role, side, obj, "rw")


@cache
def fields_writable(role: str, side: str, obj: str) -> frozenset[str]:
    """Return the fields of an object that a role may set.

    Raises:
        KeyError: The table has no such object.
    """
    return _fields(role, side, obj, "w")


def version_states_visible(side: str) -> frozenset[str]:
    """Return the states in which a contract's version exists for a side: to vendors, only what was signed.

    >>> sorted(version_states_visible("vendor"))
    ['signed']
    """
    return frozenset({"signed"} if side == "vendor" else {"draft", "in_review", "signed"})


def roles_grantable(role: str, side: str, organization_side: str) -> tuple[str, ...]:
    """Return the roles that somebody may give, take away or deactivate in an organization of the given side.

    A vendor's manager manages the people below; managers themselves are the platform admin's.
    """
    if role != PLATFORM and "users.manage" not in permissions_of(role, side):
        return ()
    if side == "client":
        return (*(CLIENT_ROLES if organization_side == "client" else VENDOR_ROLES), API_CLIENT)
    if organization_side == "vendor":
        return (*(name for name in VENDOR_ROLES if name != "vendor_manager"), API_CLIENT)
    return ()


def object_of(model_name: str) -> str | None:
    """Return the table's object for a model's name, as audit entries carry it.

    >>> object_of("queuedefinition")
    'definition'
    """
    return next((obj for label, obj in MODELS.items() if label.partition(".")[2] == model_name), None)


@cache
def table() -> dict[str, dict[str, str]]:
    """Return object to field to its marks, one for each of :data:`COLUMNS`."""
    result: dict[str, dict[str, str]] = {}
    for marks, names in _rows(FIELDS):
        if not marks:
            result[names[0]] = fields = {}
            continue
        for name in names:
            if name.lstrip("+") in fields:
                raise ValueError(f"{name} stands in the table twice")
            fields[name.lstrip("+")] = marks
    return result


@cache
def derived_fields(obj: str) -> frozenset[str]:
    """Return the fields of an object that are no column of its model."""
    current, result = "", set()
    for marks, names in _rows(FIELDS):
        current = current if marks else names[0]
        if current == obj and marks:
            result |= {name[1:] for name in names if name.startswith("+")}
    return frozenset(result)


def _fields(role: str, side: str, obj: str, marks: str) -> frozenset[str]:
    fields = table()[obj]
    column = _column(role, side)
    if column is None:
        return frozenset()
    return frozenset(name for name, row in fields.items() if row[column] in marks)


def _column(role: str, side: str) -> int | None:
    key = (_PLATFORM_AS.get(side, "") if role == PLATFORM else role, side)
    return COLUMNS.index(key) if key in COLUMNS else None


def _rows(text: str) -> list[tuple[str, list[str]]]:
    """Split a table into marks and names; a heading such as ``[vendor]`` has no marks."""
    rows: list[tuple[str, list[str]]] = []
    for line in text.strip().splitlines()[2:]:
        if line.startswith("["):
            rows.append(("", [line.strip("[]")]))
            continue
        client, vendor, api, *names = line.split()
        marks = client + vendor + api
        if len(marks) != len(COLUMNS):
            raise ValueError(f"{len(COLUMNS)} marks expected: {line}")
        rows.append((marks, names))
    return rows
