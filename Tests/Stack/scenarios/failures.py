"""What fails, or gets lost."""

import json
import time

from .steps import update

REFUSAL = """\
error: GH013: Repository rule violations found for refs/heads/main.
Review all repository rules at https://github.com/example/skills/rules?ref=refs%2Fheads%2Fmain

- Changes must be made through a pull request."""


def poison(stack, scene):
    """An event with an unknown operation ends in the dead letter queue; what comes with it doesn't"""
    mappings = stack.account.client("lambda")
    mapping = mapping_of(stack, "events")
    skill = stack.database.create("Key Management", "Keys are in a vault.")
    mappings.update_event_source_mapping(UUID=mapping, Enabled=False)
    # Who is asking the queue already does so for a second more.
    time.sleep(3)
    stack.put_events(("SkillUpdated", {"skillId": skill, "operation": "explode"}), ("SkillCreated", {"skillId": skill}))
    scene.step("two events in one batch, one of them with the operation `explode`")
    mappings.update_event_source_mapping(UUID=mapping, Enabled=True)
    stack.settle()
    batches = scene.entries("batch done")
    scene.holds("of the batch of two only one came again",
                [(batch["messages"], batch["failed"]) for batch in batches if batch["queue"].endswith("-events")],
                [(2, 1)] + [(1, 1)] * (most_receives(stack, "events") - 1))
    scene.holds("the other one's skill is in git", "skills/key-management.md" in stack.repository.files(), True)
    dead = stack.outputs["dead_letter_queue_urls"]["events"]
    scene.holds("the dead letter queue has one", stack.messages(dead), 1)
    scene.wait_for("SQS tells CloudWatch of it", lambda entry: (
        entry.get("metric") == "ApproximateNumberOfMessagesVisible"
        and dead.endswith(entry["dimensions"]["QueueName"]) and entry["value"] == 1))

    sqs = stack.account.client("sqs")
    message = sqs.receive_message(QueueUrl=dead)["Messages"][0]
    sqs.send_message(QueueUrl=stack.outputs["queue_urls"]["events"],
                     MessageBody=message["Body"].replace("explode", "update"))
    sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
    scene.step("sent again, with its operation put right")
    stack.settle()
    scene.holds("now it is done", scene.entries("batch done")[-1]["failed"], 0)
    scene.holds("the dead letter queue is empty", stack.messages(dead), 0)


def lost_event(stack, scene):
    """A save whose event was lost is exported when RDS tells of a failover"""
    update(stack, scene, "Incident Response", "content || ' Really.'", event=False)
    stack.account.client("events").put_events(Entries=[{
        "Source": "aws.rds", "DetailType": "RDS DB Instance Event",
        "Detail": json.dumps({
            "EventCategories": ["failover"], "SourceType": "DB_INSTANCE", "SourceIdentifier": "skills",
            "Message": "Multi-AZ instance failover completed",
        }),
    }])
    stack.settle()
    scene.holds("the file follows", stack.repository.changed_files(), ["M skills/incident-response.md"])


def push_refused(stack, scene):
    """A rule of the repository refuses pushes: people are told, and nothing is lost"""
    stack.repository.refuse_pushes(REFUSAL)
    tip = stack.repository.tip()
    update(stack, scene, "Single Sign-On", "content || ' Tell us.'")
    scene.wait_for("an export fails", lambda entry: entry.get("outcome", "").startswith("PushRejected"))
    notice = stack.notice()
    scene.step(f"SNS tells: {notice['Subject']}")
    scene.holds("the notice is about it", "refuses pushes" in notice["Subject"], True)
    scene.holds("and has the server's words", "Changes must be made through a pull request" in notice["Message"], True)
    scene.holds("a metric counts it", sum(scene.metrics("RefusedPushes")) >= 1, True)
    scene.holds("nothing was pushed", stack.repository.tip(), tip)
    stack.repository.allow_pushes()
    scene.step("the rule is gone; somebody runs skills-to-git export")
    stack.command("skills-to-git", "export")
    stack.settle()
    scene.holds("the file follows", stack.repository.changed_files(), ["M skills/single-sign-on.md"])
    dead = stack.outputs["dead_letter_queue_urls"]["events"]
    scene.holds("the event that failed was done later", stack.messages(dead), 0)


def mapping_of(stack, queue):
    return next(
        mapping["UUID"]
        for mapping in stack.account.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        if mapping["EventSourceArn"].endswith(f"-{queue}")
    )


def most_receives(stack, queue):
    attributes = stack.account.client("sqs").get_queue_attributes(
        QueueUrl=stack.outputs["queue_urls"][queue], AttributeNames=["RedrivePolicy"])["Attributes"]
    return int(json.loads(attributes["RedrivePolicy"])["maxReceiveCount"])
