import CPostgres

/// The parameters that the linked libpq knows, and which of them are secret.
struct LibpqKeywords: Sendable {
  let all: Set<String>
  let secret: Set<String>

  init() {
    var all: Set<String> = []
    var secret: Set<String> = []
    // Parsing nothing lists them all, and unlike PQconndefaults reads neither environment nor service file.
    let options = PQconninfoParse("", nil)
    defer { PQconninfoFree(options) }
    var option = options
    while let current = option, let keyword = current.pointee.keyword {
      let name = String(cString: keyword)
      all.insert(name)
      // libpq's own mark for what a connect dialog must hide.
      if let mark = current.pointee.dispchar, mark.pointee == CChar(UInt8(ascii: "*")) { secret.insert(name) }
      option = current + 1
    }
    self.all = all
    self.secret = secret
  }
}

let libpqKeywords = LibpqKeywords()
