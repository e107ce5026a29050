"""Cost against the number of skills, on two logarithmic scales, as SVG: with a ground of its own, so that it can be
read on any page, and dark where the reader's system is.
"""

from math import log10

from workloads import BARE, CLONING, COLD, WARM

PANELS = ("one skill saved", "one file pushed")
LINES = {
    CLONING: ("other", "cloning each time"), COLD: ("cold", "ours, cold"), WARM: ("ours", "ours, warm"), BARE: ("floor", BARE)
}
WIDTH, HEIGHT, TOP, LEFT, GAP = 300, 250, 50, 60, 60
STYLE = """
.ground { fill: #ffffff; stroke: #d0d7de }
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600 }
.grid { stroke: #d0d7de }
polyline { fill: none; stroke-width: 2 }
polyline.cold { stroke-dasharray: 6 4 }
polyline.floor { stroke: #8c959f }
polyline.ours, polyline.cold { stroke: #d9622b }
polyline.other { stroke: #3572a5 }
circle.floor { fill: #8c959f }
circle.ours, circle.cold { fill: #d9622b }
circle.other { fill: #3572a5 }
@media (prefers-color-scheme: dark) {
.ground { fill: #161b22; stroke: #30363d }
text { fill: #e6edf3 }
.grid { stroke: #30363d }
}
"""


def chart(results):
    points = [(r.workload, r.peer, r.skills, r.times.median * 1000) for r in results if r.workload in PANELS and r.peer in LINES]
    sizes = sorted({skills for _, _, skills, _ in points})
    times = [time for *_, time in points]
    least, most = int(log10(min(times))), -int(-log10(max(times)) // 1)

    def x(panel, skills):
        share = log10(skills / sizes[0]) / log10(sizes[-1] / sizes[0])
        return LEFT + panel * (WIDTH + GAP) + share * WIDTH

    def y(time):
        return TOP + HEIGHT - (log10(time) - least) / (most - least) * HEIGHT

    body = []
    for panel, workload in enumerate(PANELS):
        left = LEFT + panel * (WIDTH + GAP)
        body.append(f'<text class="title" x="{left}" y="{TOP - 22}">{workload.capitalize()}: ms, by the number of skills</text>')
        for power in range(least, most + 1):
            height = y(10**power)
            body.append(f'<line class="grid" x1="{left}" x2="{left + WIDTH}" y1="{height:.1f}" y2="{height:.1f}"/>')
            body.append(f'<text x="{left - 8}" y="{height + 4:.1f}" text-anchor="end">{10**power:,}</text>')
        for skills in sizes:
            body.append(f'<text x="{x(panel, skills):.1f}" y="{TOP + HEIGHT + 20}" text-anchor="middle">{skills:,}</text>')
        for peer, (kind, _) in LINES.items():
            mine = sorted((skills, time) for w, p, skills, time in points if (w, p) == (workload, peer))
            line = " ".join(f"{x(panel, skills):.1f},{y(time):.1f}" for skills, time in mine)
            body.append(f'<polyline class="{kind}" points="{line}"/>')
            body += [f'<circle class="{kind}" cx="{x(panel, s):.1f}" cy="{y(t):.1f}" r="3"/>' for s, t in mine]
    foot = TOP + HEIGHT + 48
    for place, (kind, label) in enumerate(LINES.values()):
        left = LEFT + place * 165
        body.append(f'<polyline class="{kind}" points="{left},{foot - 4} {left + 28},{foot - 4}"/>')
        body.append(f'<text x="{left + 36}" y="{foot}">{label}</text>')
    width, height = LEFT + 2 * WIDTH + GAP + 40, foot + 22
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">',
            "<title>What a sync costs, by the number of skills in the repository</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="ground" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>',
            *body,
            "</svg>\n",
        ]
    )
