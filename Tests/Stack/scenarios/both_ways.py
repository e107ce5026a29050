"""What people do on either side comes to the other."""

import hashlib
import os
import pathlib
import threading

from .steps import fire, tell, update


def what_was_there(stack, scene):
    """Before: two skills in the table, and an empty repository; the first schedule exports them"""
    with open(os.path.join(stack.artifacts, "SHA256SUMS"), encoding="utf-8") as file:
        sums = dict(reversed(line.split()) for line in file)
    for name, alias in stack.outputs["alias_arns"].items():
        deployed = stack.bridge.functions.deployed(alias)
        scene.holds(f"{name} and git's layer are deployed as they are in dist/", [
            hashlib.sha256(pathlib.Path(zipped).read_bytes()).hexdigest() for zipped in (deployed.code, deployed.layers)
        ], [sums[f"{name}.zip"], sums["git-layer.zip"]])
    stack.database.create("Incident Response", "The engineer on call is paged within five minutes.")
    stack.database.create("Single Sign-On", "SAML 2.0 and OpenID Connect work with Okta and Entra ID.")
    scene.step("two rows saved, no event")
    fire(stack, scene, "skills-to-git-sweep")
    stack.settle()
    scene.holds("one commit with both files", stack.repository.changed_files(), [
        "A skills/incident-response.md", "A skills/single-sign-on.md",
    ])
    scene.holds("the badge says so", stack.database.row('"syncStatus"', "Single Sign-On"), "synced")


def created_in_the_web_application(stack, scene):
    """A skill is created in the web application: it becomes a commit"""
    scene.step("somebody saves Encryption at Rest")
    skill = stack.database.create("Encryption at Rest", "Databases and backups are encrypted. Keys change every year.")
    tell(stack, scene, "SkillCreated", skill)
    stack.settle()
    scene.holds("one new file", stack.repository.changed_files(), ["A skills/encryption-at-rest.md"])
    scene.holds("the row shows the commit", stack.database.row('"syncStatus", "gitCommitSha"', "Encryption at Rest"),
                f"synced|{stack.repository.tip()}")


def edited_in_git(stack, scene):
    """A file is edited in git: its row follows"""
    scene.step("an engineer edits skills/single-sign-on.md")
    commit = stack.repository.edit(
        "skills/single-sign-on.md", lambda text: text.replace("Entra ID", "Entra ID and OneLogin"), "OneLogin works too"
    )
    stack.settle()
    scene.holds("the row has the new words", stack.database.row("content", "Single Sign-On"),
                "SAML 2.0 and OpenID Connect work with Okta and Entra ID and OneLogin.")
    scene.holds("the row shows the commit", stack.database.row('"syncStatus", "gitCommitSha"', "Single Sign-On"),
                f"synced|{commit}")


def created_in_git(stack, scene):
    """A file is created in git: it becomes a row"""
    text = """---
title: Audit Logs
categories: [Security, Product]
owners:
  - name: Ada Lovelace
    email: ada@example.com
---
Every sign-in is logged.
"""
    scene.step("an engineer adds skills/audit-logs.md")
    commit = stack.repository.edit("skills/audit-logs.md", lambda _: text, "Audit logs")
    stack.settle()
    scene.holds("there is such a row", stack.database.row('content, categories, "ownerId", status', "Audit Logs"),
                "Every sign-in is logged.|{Security,Product}|user-ada|PUBLISHED")
    scene.holds("no commit was made for it", stack.repository.tip(), commit)


def updated_in_the_web_application(stack, scene):
    """A skill is updated in the web application: its file follows"""
    update(stack, scene, "Incident Response", "replace(content, 'five minutes', 'two minutes')")
    stack.settle()
    scene.holds("one changed file", stack.repository.changed_files(), ["M skills/incident-response.md"])
    scene.holds("it says what the row says",
                "is paged within two minutes" in stack.repository.text("skills/incident-response.md"), True)


def echo(stack, scene):
    """The webhook of our own push finds nothing to do"""
    update(stack, scene, "Incident Response", "content || ' Always.'")
    stack.settle()
    tip = stack.repository.tip()
    invocations = [entry["function"] for entry in scene.entries("invocation")]
    scene.holds("git-to-skills verified the webhook, and took the push out of the queue",
                sum(name.endswith("git-to-skills") for name in invocations), 2)
    scene.holds("it was told of our commit", [
        delivery["answer"] for delivery in stack.deliveries()
        if delivery["event"] == "webhook" and delivery["commit"] == tip
    ], [202])
    scene.holds("it imported nothing", scene.history(), ["export"])
    scene.holds("the row shows it", stack.database.row('"gitCommitSha"', "Incident Response"), tip)


def a_hundred_at_once(stack, scene):
    """A hundred skills are saved at the same time"""
    before = stack.repository.tip()
    titles = [f"Question {number}" for number in range(100)]
    open_ones = [stack.database.create_later(title, f"The answer to {title}.") for title in titles]

    def save(skill, commit):
        commit()
        stack.saved("SkillCreated", skill)

    threads = [threading.Thread(target=save, args=each) for each in open_ones]
    scene.step("a hundred open transactions are committed; after each comes its event")
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    scene.step("the last event is put")
    stack.settle()
    pushes = len(stack.repository.commits(since=before))
    scene.holds(f"there were 1 to 3 pushes: {pushes}", 1 <= pushes <= 3, True)
    files = stack.repository.files()
    scene.holds("all hundred are in git", [title for title in titles if file_of(title) not in files], [])
    scene.holds("and shown as synced", stack.database.as_application(
        """SELECT count(*) FROM "Skill" WHERE title LIKE 'Question %' AND "syncStatus" = 'synced'"""), "100")


def in_the_end(stack, scene):
    """In the end both sides agree, and no log has a secret"""
    fire(stack, scene, "git-to-skills-sweep")
    fire(stack, scene, "skills-to-git-sweep")
    stack.settle()
    fire(stack, scene, "drift")
    stack.settle()
    scene.holds("the schedule of drift finds none", scene.metrics("Drift"), [0])
    rows = stack.database.as_application('SELECT count(*) FROM "Skill"')
    scene.holds(f"as many files as rows: {rows}", str(len(stack.repository.files())), rows)
    stack.bridge.functions.stop()
    logs = "".join(stack.logs())
    scene.holds("both functions wrote logs", [name in logs for name in ("exported", "imported")], [True, True])
    values = [stack.account.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
              for arn in stack.outputs["secret_arns"].values()]
    scene.holds("no secret is in them", [value in logs for value in [stack.database.password, *values]],
                [False] * (len(values) + 1))


def file_of(title):
    return f"skills/{title.lower().replace(' ', '-')}.md"
