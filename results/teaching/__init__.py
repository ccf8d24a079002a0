"""The teaching page: what it shows (``PAYLOAD.md``), what it says, and its files in ``web/``, put together as one."""
