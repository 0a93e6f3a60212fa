"""Who may do the kernel's own acts (izmek/acts/rights.py): accounts are given by managers alone."""

from izmek.acts.rights import Right, Rights

RIGHTS = Rights(
    invite=Right({}),
    open_account=Right({}),
    invite_first_manager=Right({}),
    send_invitation=Right({}),
    drop_second_factor=Right({}),
    set_roles=Right({}),
    add_roles=Right({}),
    save_account=Right({}),
    delete_account=Right({}),
    resend=Right({}),  # any letter; an app lets its people send again those about their own rows
    run_task_again=Right({}),
)
require, may, rows = RIGHTS.require, RIGHTS.may, RIGHTS.rows
