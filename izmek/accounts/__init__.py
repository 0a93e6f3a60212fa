"""How people get in: allauth at /hesap/, without sign-up. Accounts are given, by invitation.

adapters       what allauth asks of us: wording, letters, where to go after the sign-in
second_factor  who must have one, and the middleware that leads her there
links          links that let their owner in; made as a letter goes out, never stored
signals        what is logged, and which sessions end
devices        a browser in words
views, urls    the account's front, sessions, invitation; what we serve of allauth
"""
