extension StatusPage {
  /// The page's style sheet: two colour schemes, one column on a phone.
  static let style: HTML = """
    :root {
      color-scheme: light dark;
      --page: #fff; --box: #f5f6f8; --line: #d9dce1; --text: #1b1f24; --quiet: #57606a;
      --good: #1a7f37; --bad: #b42318; --warn: #8a5a00; --link: #0b5fad;
      --good-box: #eaf6ed; --bad-box: #fdeceb; --warn-box: #fff4dc; --mark: #ffd98a;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --page: #14171b; --box: #1d2126; --line: #363c45; --text: #e4e7eb; --quiet: #9aa4b1;
        --good: #57c272; --bad: #ff8a80; --warn: #f0b849; --link: #79b8ff;
        --good-box: #14291b; --bad-box: #351a19; --warn-box: #2f2512; --mark: #6b4e0a;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0 auto; padding: 1.5rem 1.25rem 3rem; max-width: 76rem; background: var(--page); color: var(--text);
      font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere;
    }
    h1 { margin: 0; font-size: 1.1rem; }
    h2 { margin: 2.25rem 0 .5rem; font-size: 1.15rem; }
    h3 { margin: 0; font-size: 1rem; }
    p { margin: .4rem 0; }
    a { color: var(--link); }
    code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .86rem; }
    pre { margin: 0; white-space: pre-wrap; unicode-bidi: plaintext; }
    .quiet { color: var(--quiet); font-size: .9rem; }
    .command {
      display: inline-block; padding: .1rem .45rem; border: 1px solid var(--line); border-radius: .3rem;
      background: var(--page); color: var(--text); user-select: all;
    }
    .health { margin: 1rem 0; padding: .8rem 1rem; border-left: .35rem solid; border-radius: .35rem; }
    .health p { margin: 0; font-size: 1.15rem; }
    .health .also { margin-top: .45rem; font-size: 1rem; }
    .well { border-color: var(--good); background: var(--good-box); }
    .attention { border-color: var(--warn); background: var(--warn-box); }
    .stopped { border-color: var(--bad); background: var(--bad-box); }
    .facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; padding: 0; list-style: none; }
    .facts li { font-variant-numeric: tabular-nums; }
    .facts span { display: block; }
    table { width: 100%; border-collapse: collapse; }
    th { text-align: left; font-weight: 600; font-size: .85rem; color: var(--quiet); }
    th, td { padding: .45rem .75rem .45rem 0; border-top: 1px solid var(--line); vertical-align: top; }
    td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
    .name { display: block; font-weight: 600; unicode-bidi: isolate; }
    .place { display: flex; flex-wrap: wrap; gap: 0 .75rem; color: var(--quiet); font-weight: 400; }
    .names { margin: .8rem 0 0; padding: 0; list-style: none; columns: 26rem 2; column-gap: 2rem; }
    .names li { padding: .25rem 0; break-inside: avoid; }
    .words { white-space: pre-line; }
    article { margin: .9rem 0; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--box); }
    .sides { margin: .6rem 0; table-layout: fixed; background: var(--page); border: 1px solid var(--line); }
    .sides th, .sides td { padding: .35rem .6rem; border-left: 1px solid var(--line); }
    .sides .same { color: var(--quiet); }
    .sides .skipped { padding: .1rem .6rem; color: var(--quiet); font-size: .8rem; background: var(--box); }
    .sides .none { color: var(--quiet); font-style: italic; }
    mark { background: var(--mark); color: inherit; border-radius: .15rem; }
    .side { display: none; color: var(--quiet); font-size: .8rem; }
    @media (max-width: 44rem) {
      body { padding: 1rem .9rem 2rem; }
      table, tbody, tr, td { display: block; width: 100%; }
      thead { display: none; }
      tr { padding: .5rem 0; border-top: 1px solid var(--line); }
      td { padding: .1rem 0; border: 0; }
      td.number { text-align: left; white-space: normal; }
      td[data-name]::before { content: attr(data-name) " "; color: var(--quiet); }
      article { padding: .7rem .75rem; }
      .sides tr { padding: 0; }
      .sides td { padding: .35rem .6rem; border: 0; border-top: 1px solid var(--line); }
      .side { display: block; }
      .syncs td { display: inline; }
      .syncs td + td::before { content: "· "; color: var(--quiet); }
      .syncs td.number::before { content: "· lag "; }
    }
    """
}
