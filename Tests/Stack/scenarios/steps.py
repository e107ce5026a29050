"""Steps that several scenarios take."""


def fire(stack, scene, schedule):
    name = next(rule for rule in stack.bridge.rules.schedules() if rule.endswith(schedule))
    scene.step(f"the schedule {name} is due")
    stack.bridge.rules.fire(name)


def update(stack, scene, title, content, event=True):
    """Somebody saves a skill: `content` is an SQL expression."""
    skill = stack.database.row("id", title)
    scene.step(f"somebody saves {title}")
    stack.database.as_application(
        f"""UPDATE "Skill" SET content = {content}, "updatedAt" = now() WHERE id = '{skill}'""")
    if event:
        tell(stack, scene, "SkillUpdated", skill)


def tell(stack, scene, detail_type, skill):
    scene.step(f"the application puts the event {detail_type}")
    stack.saved(detail_type, skill)


def failures(scene):
    return [entry for entry in scene.entries("invocation") if entry["outcome"] != "success"]
