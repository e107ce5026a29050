"""Does what Lambda, API Gateway and EventBridge's schedules do, and moto can't: runs what was deployed.

All that it knows of a deployment it reads from AWS's API: functions, zips, settings, queues, routes, permissions.
"""
