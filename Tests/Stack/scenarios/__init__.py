"""What `make e2e` tries, in this order. A scenario is a function; the first line of its text is its heading."""

from .access import permissions_that_are_gone, wiring
from .both_ways import (
    a_hundred_at_once,
    created_in_git,
    created_in_the_web_application,
    echo,
    edited_in_git,
    in_the_end,
    updated_in_the_web_application,
    what_was_there,
)
from .changes import redeploy_and_rollback, token_rotated, verified_database, webhook_secret_rotated
from .failures import lost_event, poison, push_refused

SCENARIOS = [
    what_was_there,
    wiring,
    permissions_that_are_gone,
    created_in_the_web_application,
    edited_in_git,
    created_in_git,
    updated_in_the_web_application,
    echo,
    a_hundred_at_once,
    poison,
    lost_event,
    token_rotated,
    webhook_secret_rotated,
    push_refused,
    redeploy_and_rollback,
    verified_database,
    in_the_end,
]
