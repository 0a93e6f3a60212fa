"""What an app adds to the admin of a lower app; each app declares it in one file."""

from django.core.exceptions import ImproperlyConfigured

_after_act = []


def after_act(say):
    """Register what an app adds to the answer to an act: `say(request, since)` may write messages.

    It is called after every act and saved form of the admin; `since` is when that began.
    """
    _after_act.append(say)


def say_after_act(request, since):
    for say in _after_act:
        say(request, since)


def extend(
    admin_class,
    *,
    actions=None,
    chosen=(),
    inlines=(),
    after=None,
    check=None,
    tabs=(),
    before="change",
):
    """Add buttons, inlines and tabs to a ModelAdmin of another app.

    `actions`: {name: result of `object_action` or `object_link`}; their buttons come after the
    button named `after`, in this order, or first without `after`. `chosen`: functions (admin, request,
    queryset) that act on the rows chosen in its list. `inlines` come after the existing ones. `check`: a
    function that raises Refusal for a saved or restored row that must not stay. `tabs` of a desk
    (izmek/admin/desk.py) come before the tab with the slug `before`. Raises ImproperlyConfigured for a
    name, an inline or a tab that exists already, and for an `after` or `before` that does not exist.
    """
    actions = actions or {}
    buttons, there = list(admin_class.object_actions), list(admin_class.inlines)
    wrong = [f"`{name}` is taken" for name in actions if hasattr(admin_class, name)]
    wrong += [f"{inline.__name__} is there already" for inline in inlines if inline in there]
    if after is not None and after not in buttons:
        wrong.append(f"there is no button `{after}`")
    slugs = [tab.slug for tab in getattr(admin_class, "tabs", ())]
    wrong += [f"the tab `{tab.slug}` is there already" for tab in tabs if tab.slug in slugs]
    if tabs and before not in slugs:
        wrong.append(f"there is no tab `{before}`")
    if wrong:
        raise ImproperlyConfigured(f"{admin_class.__name__}: {', '.join(wrong)}")
    place = 0 if after is None else buttons.index(after) + 1
    buttons[place:place] = actions
    for name, act in actions.items():
        setattr(admin_class, name, act)
    admin_class.object_actions = tuple(buttons)
    admin_class.actions = (*admin_class.actions, *chosen)
    admin_class.inlines = (*there, *inlines)
    if tabs:
        place = slugs.index(before)
        admin_class.tabs = (*admin_class.tabs[:place], *tabs, *admin_class.tabs[place:])
    if check is not None:
        admin_class.checks_after = (*admin_class.checks_after, check)
