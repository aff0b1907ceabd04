"""Which addresses of the internet a webhook may reach: public ones of somebody else, and no other (W8)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Named one by one, because what the standard library calls global changes with its version.
# Sources: IANA special-purpose address registries for IPv4 and IPv6.
_CLOSED = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carriers' own; 100.100.100.200 tells the secrets of machines rented at Alibaba
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services, on a public address
        "169.254.0.0/16",  # link-local; 169.254.169.254 tells the secrets of rented machines
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
        "2001::/23",  # protocols, Teredo among them
        "2001:db8::/32",
        "2002::/16",  # 6to4 carries an IPv4 address
        "3fff::/20",
    )
)
# Mapped, translated and local addresses all lie outside.
_GLOBAL_UNICAST = ip_network("2000::/3")


def is_public(address: str) -> bool:
    """Return whether an address is one that the house may send to.

    Args:
        address: An IPv4 or IPv6 address as the resolver writes it; a zone (``%eth0``) makes it local.

    >>> is_public("93.184.215.14"), is_public("::ffff:93.184.215.14"), is_public("169.254.169.254")
    (True, False, False)
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (found.scope_id is not None or found not in _GLOBAL_UNICAST):
        return False
    return not any(found.version == network.version and found in network for network in _CLOSED)


def is_loopback(address: str) -> bool:
    """Return whether an address is this machine itself, where the tests' receivers listen."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
