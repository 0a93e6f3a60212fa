"""Sentences of Django's admin that our catalogue (locale/tr) says in other words.

They are named here only so that they are extracted with our own; our catalogue is asked before Django's.
"""

from django.utils.translation import gettext_noop as _

REWORDED = (
    _("Add another %(verbose_name)s"),
    _("Save and add another"),
    _("Clear all filters"),
)
