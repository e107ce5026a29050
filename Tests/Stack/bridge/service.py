"""The bridge as one: everything that is to run while a deployment is tried."""

from .depths import Depths
from .functions import Functions
from .gateway import Gateway
from .queues import Pollers
from .rules import Rules


class Bridge:
    """
    - `record`: where events and metrics are recorded (record.py).
    - `folder`: for zips read back from S3.
    - `retry_after`: as Pollers has it.
    """

    def __init__(self, account, record, folder, retry_after=None):
        self.account = account
        self.record = record
        self.functions = Functions(account, record, folder)
        self.rules = Rules(self.functions)
        self.gateway = Gateway(self.functions)
        self.pollers = Pollers(self.functions, retry_after)
        self.depths = Depths(account, record)

    def stop(self):
        for part in (self.gateway, self.pollers, self.depths, self.functions):
            part.stop()
