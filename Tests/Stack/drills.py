"""What makes each alarm ring, and what a person does about it beside the commands of its runbook."""

from dataclasses import dataclass
from typing import Callable


@dataclass
class Drill:
    """
    - `cause`: what happens in each period until the alarm rings.
    - `person`: done after the first commands of the runbook, which look.
    """

    alarm: str
    caused_by: str
    cause: Callable
    person: Callable


DRILLS = []


def drill(alarm, caused_by, person=lambda operations, around, shell: None):
    def register(cause):
        DRILLS.append(Drill(alarm, caused_by, cause, person))
        return cause

    return register


def puts_a_new_token(operations, around, shell):
    shell.follow(operations.rotation["the-github-token"][0], typed=around.repository.use_token() + "\n")


@drill("skills-to-git-errors", "the token was revoked", puts_a_new_token)
def revoked_token(operations, around):
    around.repository.use_token()
    operations.fire("skills-to-git-sweep")


def changes_the_password(operations, around, shell):
    for block in operations.rotation["the-database-password"]:
        shell.follow(block)


@drill("git-to-skills-errors", "the password was changed in the database alone", changes_the_password)
def changed_password(operations, around):
    around.sql("ALTER ROLE sync PASSWORD 'another'")
    around.disconnect("sync")
    operations.fire("git-to-skills-sweep")


@drill("export-lag", "no event told of a save, and the schedule came 50 s later")
def lost_event(operations, around):
    around.save("skill-03")
    around.pass_time("outbox.changed_at", 50)
    operations.fire("skills-to-git-sweep")


def repairs_the_webhook(operations, around, shell):
    around.deliver_webhook()


@drill("import-lag", "webhooks were lost, and the schedule came a minute after each commit", repairs_the_webhook)
def lost_webhooks(operations, around):
    if around.bare.joinpath("webhook.json").exists():
        around.lose_webhooks()
    around.add_line("skills/skill-04.md", seconds_ago=60)
    operations.fire("git-to-skills-sweep")


def allows_pushes(operations, around, shell):
    around.repository.allow_pushes()


@drill("refused-pushes", "a ruleset of the repository demands pull requests (GH013)", allows_pushes)
def refusing_rule(operations, around):
    around.repository.refuse_pushes(
        "error: GH013: Repository rule violations found for refs/heads/main.\n"
        "- Changes must be made through a pull request."
    )
    around.save("skill-05")
    operations.fire("skills-to-git-sweep")


def corrects_the_file(operations, around, shell):
    around.commit({"skills/unreadable.md": "---\ntitle: Readable again\n---\nText.\n"})


@drill("drift", "rows were changed past the trigger, and a file can't be read", corrects_the_file)
def edits_past_the_trigger(operations, around):
    around.commit({"skills/unreadable.md": "---\ntitle: [never closed\n---\nText.\n"})
    operations.settle()
    around.sql("""
        SET session_replication_role = replica;
        UPDATE "Skill" SET content = content || ' Changed past the trigger.' WHERE id = 'skill-06'
    """)
    operations.fire("drift")


@drill("events-dead-letters", "the application sends an event that can't be read")
def poison_event(operations, around):
    operations.stack.put_events(("SkillUpdated", {"skillId": "skill-07", "operation": "explode"}))
    operations.wait_for_messages("events-dead-letters")


def brings_the_repository_back(operations, around, shell):
    around.show_repository()


@drill("webhooks-dead-letters", "the repository couldn't be reached after a webhook", brings_the_repository_back)
def unreachable_after_a_webhook(operations, around):
    around.lose_webhooks()
    around.add_line("skills/skill-08.md")
    around.hide_repository()
    around.deliver_webhook()
    operations.wait_for_messages("webhooks-dead-letters")


def applies_again(operations, around, shell):
    operations.stack.apply()


@drill("targets-dead-letters", "somebody took the schedule's permission to invoke the function", applies_again)
def removed_permission(operations, around):
    operations.run(
        'aws lambda remove-permission --function-name "$NAME-skills-to-git" --qualifier live'
        " --statement-id skills-to-git-sweep"
    )
    operations.fire("skills-to-git-sweep")


@drill("oldest-change", "somebody paused the sync and forgot it, for 20 minutes")
def forgotten_pause(operations, around):
    around.sql("UPDATE skill_sync.repository SET paused = true")
    around.save("skill-09")
    around.pass_time("outbox.changed_at", 20 * 60)
    operations.fire("skills-to-git-sweep")


@drill("imported-tip-age", "the repository can't be reached for two hours", brings_the_repository_back)
def unreachable_repository(operations, around):
    if around.bare.joinpath("HEAD").exists():
        around.hide_repository()
        around.pass_time("repository.tip_seen_at", 2 * 60 * 60)
    operations.fire("git-to-skills-sweep")


@drill("imported-tip-age", "somebody disabled the schedules, and nothing was saved or pushed for hours", applies_again)
def disabled_schedules(operations, around):
    for schedule in "skills-to-git-sweep", "git-to-skills-sweep":
        operations.run(f'aws events disable-rule --name "$NAME-{schedule}"')


@drill("skills-to-git-throttles", "somebody set the function's reserved concurrency to 0")
def stopped_export(operations, around):
    operations.run(
        'aws lambda put-function-concurrency --function-name "$NAME-skills-to-git" --reserved-concurrent-executions 0'
    )
    operations.fire("skills-to-git-sweep")


@drill("git-to-skills-throttles", "somebody set the function's reserved concurrency to 0")
def stopped_import(operations, around):
    operations.run(
        'aws lambda put-function-concurrency --function-name "$NAME-git-to-skills" --reserved-concurrent-executions 0'
    )
    operations.fire("git-to-skills-sweep")


def gives_github_the_secret(operations, around, shell):
    operations.stack.use_webhook_secret(operations.secret("webhook-secret"))


@drill("rejected-webhooks", "GitHub has another secret than Secrets Manager", gives_github_the_secret)
def another_secret(operations, around):
    operations.stack.use_webhook_secret("another")
    for _ in range(5):
        around.add_line("skills/skill-10.md")


@drill("webhook-errors", "somebody took API Gateway's permission to invoke the function", applies_again)
def uninvited_gateway(operations, around):
    operations.run(
        'aws lambda remove-permission --function-name "$NAME-git-to-skills" --qualifier live --statement-id webhook'
    )
    around.add_line("skills/skill-11.md")


@drill("held-deletions", "most files were deleted in git")
def deleted_files(operations, around):
    around.commit({f"skills/skill-{number:02}.md": None for number in range(1, 14)})
    operations.settle()
