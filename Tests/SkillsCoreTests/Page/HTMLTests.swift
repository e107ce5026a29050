import Testing

@testable import SkillsCore

@Suite struct HTMLTests {
  @Test(arguments: [
    ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ("a \" b ' c & d", "a &quot; b &#39; c &amp; d"),
    ("&amp; is written &amp;amp;", "&amp;amp; is written &amp;amp;amp;"),
    ("]]> --> </style>", "]]&gt; --&gt; &lt;/style&gt;"),
    ("Ärger 漢字 🇩🇪 👩‍💻", "Ärger 漢字 🇩🇪 👩‍💻"),
    ("line\n\tline", "line\n\tline"),
    ("\u{1B}[31m\u{0}\u{7F}\u{85}\r", "[U+001B][31m[U+0000][U+007F][U+0085][U+000D]"),
    // Turned round, it would read as invoice-exe.pdf.
    ("invoice-\u{202E}fdp.exe", "invoice-[U+202E]fdp.exe"),
    (
      "\u{2066}\u{200B}\u{FEFF}\u{FFFF}\u{1FFFE}\u{E0041}",
      "[U+2066][U+200B][U+FEFF][U+FFFF][U+1FFFE][U+E0041]"
    ),
  ])
  func everyValueIsEscapedInTextAndInAttributes(value: String, escaped: String) {
    let html: HTML = "<p title=\"\(value)\">\(value)</p>"
    #expect(html.markup == "<p title=\"\(escaped)\">\(escaped)</p>")
  }

  @Test func piecesAreMarkupAndNumbersAreThemselves() {
    let items = ["a<", "b"].map { "<li>\($0)</li>" as HTML }
    let html: HTML = "<ul>\(items)</ul>\(7)"
    #expect(html.markup == "<ul><li>a&lt;</li>\n<li>b</li></ul>7")
    let none: HTML = "<ul>\([HTML]())</ul>"
    #expect(none.markup == "<ul></ul>")
  }
}
