"""Sign-in with allauth at /hesap/, without sign-up: users get an account by invitation.

adapters       our settings for allauth: texts, letters, the page after the sign-in
second_factor  who must have one, and the middleware that sends them there
limits         how often something may be done, and how long whoever tries again has to wait
tries          wrong passwords and codes are counted; known_devices: whom strangers' tries do not slow down
links          links that sign their owner in; made when a letter is sent, never stored
confirming     who is asked once more who they are, before what is grave
networks       from where the panel is reached
session_age    when a sign-in ends, or is locked
signals        what is logged, and which sessions end
devices        a browser in words
views, urls    the account page, sessions, invitation; the pages of allauth that we use
"""
