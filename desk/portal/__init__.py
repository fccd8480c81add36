"""The portal: pages for people of parties who have no account at the desk, with a door, a cookie and a look of its own.

It shows one person their own cases, as the rules let them read those, and every act goes the way it goes at the desk.
"""
