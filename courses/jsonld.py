"""schema.org for course centres (see izmek/jsonld.py)."""

from izmek.jsonld import coordinates, identify, postal_address


def centre_node(base, centre):
    """An EducationalOrganization with its address."""
    return {
        "@type": "EducationalOrganization",
        "@id": identify(base, centre, "merkez"),
        "name": centre.name,
        "url": base + centre.get_absolute_url(),
        "telephone": centre.phone.as_e164 if centre.phone else None,
        "email": centre.email,
        "address": postal_address(centre.address),
        "geo": coordinates(centre),
        "parentOrganization": {"@id": f"{base}/#kurum"},
    }
