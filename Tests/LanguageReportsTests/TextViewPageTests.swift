import Foundation
import LanguageReports
import TestSupport
import Testing

/// The page of a text in a browser: what a reader does with it, and what it then shows.
@Suite(
  "The page of a text", .serialized,
  .enabled(if: HeadlessBrowser.installed != nil, "\(HeadlessBrowser.absence)"))
struct TextViewPageTests {
  static let sentence = "In the beginning was the Word,\nand the Word was with text."

  /// What the scripts below share: the tokens of a text, their colours, and events.
  private static let tools = """
    const $ = id => document.getElementById(id);
    const tokens = id => [...document.querySelectorAll(`#${id} span[data-t]`)];
    const colours = id => tokens(id).map(token => getComputedStyle(token).backgroundColor);
    const differ = (a, b) => a.filter((colour, k) => colour !== b[k]).length;
    const key = (element, key) =>
      element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const at = id => Number($(id).getAttribute("aria-valuenow"));
    const wait = milliseconds => new Promise(done => setTimeout(done, milliseconds));

    """

  /// Drives the page of a text; it may have no errors and no requests.
  private func drive<Value: Decodable>(
    _ text: ViewedText, size: (width: Int, height: Int) = (1280, 900),
    isDark: Bool = false, _ script: String, at location: SourceLocation = #_sourceLocation
  ) throws -> Value {
    let browser = try #require(HeadlessBrowser.installed)
    let visit = try browser.visit(
      TextViewPage.html(data: text.json), size: size, isDark: isDark, script: Self.tools + script)
    #expect(visit.errors.isEmpty, sourceLocation: location)
    #expect(visit.requests.isEmpty, sourceLocation: location)
    return try visit.result(Value.self)
  }

  private func characters(_ text: String) -> [String] { text.unicodeScalars.map { String($0) } }

  // MARK: - Opening

  @Test func aPageSaysWhatItShows() throws {
    struct Found: Decodable {
      let texts: [String]
      let title, unit, note, sentence, count: String
    }
    let found: Found = try drive(
      ViewedText(characters(Self.sentence)),
      """
      return {
        texts: ["title", "source", "command", "model-name"].map(id => $(id).textContent), title: document.title,
        unit: $("unit-name").textContent, note: $("unit-note").textContent, count: $("count").textContent,
        sentence: tokens("unit-text").map(token => token.textContent).join(""),
      };
      """)
    #expect(Array(found.texts[..<3]) == ["A title", "A source", "gradflow view"] && found.title == "A title")
    #expect(found.texts[3].hasPrefix("update 0 – mean loss 2.10 nats"), "\(found.texts[3])")
    #expect(found.unit == "h[1]" && found.note == "keeps: quotes" && found.count == "4 units")
    #expect(found.sentence == Self.sentence.dropLast().replacingOccurrences(of: "\n", with: "↵\n"))
  }

  @Test func aPageWithoutDataSaysSo() throws {
    let browser = try #require(HeadlessBrowser.installed)
    let script = "return [document.getElementById('complaint').textContent, String(testErrors.length)];"
    for (data, words) in [
      ("null", "has no data"), ("not JSON", "has no data"),
      (
        try ViewedText(["a", "b", "c"]).json.replacingOccurrences(of: "\"loss\":[2,", with: "\"loss\":["),
        "sizes"
      ),
    ] {
      let visit = try browser.visit(TextViewPage.html(data: data), script: script)
      let found = try visit.result([String].self)
      #expect(visit.errors.isEmpty && found[0].contains(words), "\(found)")
    }
  }

  @Test(arguments: [(375, 800), (768, 1024), (1440, 900)], [false, true])
  func nothingIsWiderThanTheWindow(size: (Int, Int), isDark: Bool) throws {
    struct Found: Decodable {
      let width, inner: Double
      let page: String
    }
    // A window has a least width, below which the page is narrowed.
    let found: Found = try drive(
      ViewedText(characters(Self.sentence), models: 3), isDark: isDark,
      """
      document.documentElement.style.width = "\(size.0)px";
      dispatchEvent(new Event("resize"));
      await wait(50);
      const sections = [...document.querySelectorAll("header, section, #training, #curve svg, .text, .scale")];
      return {
        width: Math.max(...sections.map(element => element.getBoundingClientRect().right)), inner: \(size.0),
        page: getComputedStyle(document.body).backgroundColor,
      };
      """)
    #expect(found.width <= found.inner)
    #expect((found.page == "rgb(255, 255, 255)") != isDark, "\(found.page)")
  }

  @Test func threeHundredCharactersAndSixHundredUnitsAreShown() throws {
    let tokens = characters(String(repeating: Self.sentence, count: 6)).prefix(301)
    let found: [Int] = try drive(
      ViewedText(Array(tokens), units: 600),
      """
      return [tokens("unit-text").length, $("unit").options.length, new Set(colours("unit-text")).size];
      """)
    // With the loss, which is listed first.
    #expect(found[0] == 300 && found[1] == 601 && found[2] > 40)
  }

  // MARK: - One unit

  @Test func choosingAUnitChangesTheColours() throws {
    struct Found: Decodable {
      let first: [String]
      let changed, back, found: Int
      let name, line, tip: String
    }
    let found: Found = try drive(
      ViewedText(characters(Self.sentence)),
      """
      const choose = unit => { $("unit").value = unit; $("unit").dispatchEvent(new Event("change")); };
      choose(0);
      const first = colours("unit-text");
      choose(3);
      const other = colours("unit-text"), name = $("unit-name").textContent, line = $("unit-line").textContent;
      choose(0);
      const token = tokens("unit-text")[1];
      token.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 50, clientY: 300 }));
      const tip = $("tip").textContent;
      $("search").value = "layer 2";
      $("search").dispatchEvent(new Event("input"));
      return {
        first, changed: differ(first, other), back: differ(first, colours("unit-text")), name, line, tip,
        found: $("unit").options.length,
      };
      """)
    // From end to end of the scale: brown and blue in turn.
    #expect(found.first[0] == "rgb(127, 59, 8)" && found.first[1] == "rgb(5, 48, 97)")
    #expect(found.changed > 40 && found.back == 0)
    #expect(found.name == "h[3]" && found.line.hasPrefix("Step "))
    #expect(found.tip == "step 2, ‘\u{2068}n\u{2069}’: −1.00")
    #expect(found.found == 2)
  }

  // MARK: - What a prediction depends on

  @Test func aClickColoursTheCharactersBefore() throws {
    struct Found: Decodable {
      let before, linear, log, state: [String]
      let sentence, stateSentence, tip: String
      let steps: [Int]
      let later, target: [Bool]
      let curves: Int
    }
    let found: Found = try drive(
      ViewedText(characters(Self.sentence), forgets: true),
      """
      const before = colours("past-text"), text = tokens("past-text");
      text[20].click();
      const linear = colours("past-text"), sentence = $("past-line").textContent;
      text[18].dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 50, clientY: 300 }));
      const tip = $("tip").textContent;
      document.querySelector("[name=colour][value=log]").click();
      const log = colours("past-text");
      document.querySelector("[name=kind][value=h]").click();
      return {
        before, linear, log, state: colours("past-text"), sentence, stateSentence: $("past-line").textContent, tip,
        steps: ["unit-text", "past-text", "scroller"].map(at),
        later: text.map(token => token.classList.contains("later")),
        target: text.map(token => token.classList.contains("target")),
        curves: document.querySelectorAll("#curve path.curve").length,
      };
      """)
    let none = "rgba(0, 0, 0, 0)"
    #expect(found.before != found.linear && found.linear != found.log && found.log != found.state)
    // Strongest at the character itself, a hundredth of it at the one before, nothing after it.
    #expect(found.linear[20] == "rgb(127, 59, 8)" && found.linear[19] != found.linear[20])
    #expect(Set(found.linear[21...]) == [none])
    // Linear colours cannot tell 10⁻⁴ of the largest from nothing; logarithmic ones can.
    #expect(found.linear[18] == found.linear[0])
    #expect(found.log[18] != found.log[0] && found.log[19] != found.log[18])
    #expect(found.steps == [21, 21, 21])
    #expect(found.later.firstIndex(of: true) == 21 && found.target.firstIndex(of: true) == 21)
    #expect(found.target.filter { $0 }.count == 1 && found.curves == 2)
    #expect(
      found.sentence.hasPrefix("Step 21 reads a space and predicts ‘\u{2068}t\u{2069}’"), "\(found.sentence)")
    #expect(found.sentence.contains("a loss of 2.20 nats (probability 0.111)"), "\(found.sentence)")
    #expect(
      found.sentence.contains("90 % of Σₜ‖∂Lₛ/∂xₜ‖ comes from the last character;"), "\(found.sentence)")
    #expect(found.sentence.hasSuffix("the gradient at lag 20 is exactly zero."), "\(found.sentence)")
    // 10^(−0.1·l): 1 − 10^(−n/10) of the sum in the last n of many; 10⁻² at lag 20.
    #expect(
      found.stateSentence.contains("‖∂Lₛ/∂hₜ‖ comes from the last 10 characters"), "\(found.stateSentence)")
    #expect(found.stateSentence.hasSuffix("at lag 20 is 0.0100 of that at lag 0."), "\(found.stateSentence)")
    #expect(found.tip == "step 19, lag 2: 1.0 × 10⁻⁴, < 0.1 % of the largest")
  }

  // MARK: - Shares

  @Test func theBarsAreTheSharesOfTheirLags() throws {
    struct Found: Decodable {
      let shares, last: [String]
      let paths, linear, log: [String]
      let line, tip: String
    }
    let found: Found = try drive(
      ViewedText(characters(Self.sentence)),
      """
      const shares = () => [...document.querySelectorAll("#lags b")].map(item => item.textContent);
      const paths = () => [...document.querySelectorAll("#bars path")].map(path => path.getAttribute("d"));
      const height = name => { document.querySelector(`[name=height][value=${name}]`).click(); return paths(); };
      $("scroller").focus();
      key($("scroller"), "Home");
      const first = shares(), line = $("share-line").textContent, before = paths();
      const { left, top, width } = $("strip").getBoundingClientRect();
      const there = { bubbles: true, clientX: left + 4.5 * width / tokens("unit-text").length, clientY: top + 20 };
      $("bars").dispatchEvent(new PointerEvent("pointermove", there));
      const tip = $("tip").textContent;
      key($("scroller"), "End");
      return { shares: first, line, tip, last: shares(), paths: before, linear: height("linear"), log: height("log") };
      """)
    // ‖∂L_s/∂h_1‖ = 10^(−0.5 − 0.1·lag) of the steps from 1 on: parts of a geometric sum.
    let steps = Self.sentence.count - 1
    let norms = (0..<steps).map { pow(10, -0.5 - 0.1 * Double($0)) }
    let sum = norms.reduce(0, +)
    let ends = [0, 1, 2, 4, 8, 16, 32, steps]
    let wanted = (0..<7).map { norms[ends[$0]..<ends[$0 + 1]].reduce(0, +) / sum }
    for (text, share) in zip(found.shares, wanted) {
      let percent = try #require(Double(text.filter { "0123456789.".contains($0) }), "\(text)")
      #expect(abs(percent - 100 * share) <= 0.51, "\(text) for \(share)")
    }
    #expect(found.line.hasPrefix("State 1, after ‘\u{2068}I\u{2069}’: Σₛ‖∂Lₛ/∂hₜ‖ is 1.54."), "\(found.line)")
    #expect(found.tip.hasPrefix("State 5, after"), "\(found.tip)")
    #expect(found.last == ["100 %"] + Array(repeating: "0 %", count: 6))
    // Lines of the axis, and seven classes.
    #expect(found.paths.count == 8 && found.paths != found.linear && found.linear != found.log)
  }

  // MARK: - Training

  @Test func theSliderChangesEveryView() throws {
    struct Found: Decodable {
      let unit, past: Int
      let bars: Bool
      let names, labels: [String]
      let played: [String]
      let slider: String
    }
    let found: Found = try drive(
      ViewedText(characters(Self.sentence), models: 3),
      """
      const look = () => [colours("unit-text"), colours("past-text"), $("bars").innerHTML, $("model-name").textContent];
      document.querySelector("[name=colour][value=log]").click();
      const before = look();
      $("model").value = 1;
      $("model").dispatchEvent(new Event("input"));
      const after = look(), played = [];
      $("play").click();
      for (let k = 0; k < 4; k++) {
        await wait(800);
        played.push($("model-name").textContent.split(" – ")[0]);
      }
      return {
        unit: differ(before[0], after[0]), past: differ(before[1], after[1]), bars: before[2] !== after[2],
        names: [before[3], after[3]], labels: [$("play").textContent], played, slider: $("model").value,
      };
      """)
    #expect(found.unit > 40 && found.past > 2)
    #expect(found.names[0].hasPrefix("update 0 ") && found.names[1].hasPrefix("update 100 "))
    #expect(found.played.last == "update 200" && found.slider == "2" && found.labels == ["▶ Play"])
    // The gradients by the state are the same in all of them.
    #expect(!found.bars)
  }

  // MARK: - Keys

  @Test func theKeyboardAloneReachesEverything() throws {
    struct Found: Decodable {
      let unreachable, nameless: [String]
      let steps, units: [Int]
      let inLine: Bool
      let words: String
    }
    let found: Found = try drive(
      ViewedText(characters(Self.sentence)),
      """
      const controls = [...document.querySelectorAll("button, input, select, summary, [role=slider]")];
      const name = element => (element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent
        ?? element.textContent).trim();
      const text = $("past-text"), steps = [];
      text.focus();
      for (const pressed of ["Home", "ArrowRight", "ArrowRight", "ArrowLeft", "PageDown", "ArrowDown", "ArrowUp", "End"]) {
        key(document.activeElement, pressed);
        steps.push(at("past-text"));
      }
      document.activeElement.blur();
      const units = [];
      for (const pressed of ["ArrowRight", "ArrowRight", "ArrowLeft"]) {
        key(document.body, pressed);
        units.push(Number($("unit").value));
      }
      $("search").focus();
      key($("search"), "ArrowRight");
      units.push(Number($("unit").value));
      $("search").value = "h";
      key($("search"), "ArrowRight");
      units.push(Number($("unit").value));
      return {
        unreachable: controls.filter(element => element.tabIndex < 0 || element.disabled).map(element => element.id),
        nameless: controls.filter(element => !name(element)).map(element => element.id),
        steps, units, inLine: at("unit-text") === at("scroller"), words: text.getAttribute("aria-valuetext"),
      };
      """)
    let steps = Self.sentence.count - 1
    #expect(found.unreachable.isEmpty && found.nameless.isEmpty)
    #expect(Array(found.steps[..<5]) == [1, 2, 3, 2, 12])
    // The newline is character 31: the one below the twelfth is the twelfth of the second line.
    #expect(Array(found.steps[5...]) == [43, 12, steps])
    // From h[1]; an arrow in a search that has words moves its cursor.
    #expect(found.units == [2, 3, 2, 3, 3])
    #expect(found.inLine && found.words.hasPrefix("Step \(steps) reads"))
  }

  // MARK: - Hostile texts

  /// By names, for some would disturb the output of a test.
  static let hostile = [
    "script": "</script><script>document.title = 'gone'</script>",
    "elements": "<b>bold</b><img src=x onerror=alert(1)>",
    "escapes": "\"quotes\" 'and' \\n \\u003c & &lt; <!-- --> /*DATA*/null",
    "characters": "🙂👩‍🚀 e\u{301} שלום مرحبا \u{202E}x\u{200B}\u{0}\t",
  ]

  @Test(arguments: hostile.keys.sorted()) func aHostileTextIsShownLiterally(name: String) throws {
    struct Found: Decodable {
      let shown, letters: [String]
      let title: String
      let elements: Int
    }
    let text = try #require(Self.hostile[name])
    // Its characters, then all of it as one token.
    let tokens = characters(text) + [text, "."]
    var viewed = ViewedText(tokens)
    (viewed.source, viewed.models[0].units[1].note, viewed.models[0].label) = (text, text, text)
    let found: Found = try drive(
      viewed,
      """
      const inside = ["unit-text", "past-text", "source", "unit-note", "model-name", "unit"].map($);
      tokens("past-text").at(-1).click();
      return {
        shown: tokens("past-text").map(token => token.textContent),
        letters: [$("source").textContent, $("unit-note").textContent], title: document.title,
        elements: inside.flatMap(element => [...element.querySelectorAll(":not(span, option, optgroup, wbr)")]).length,
      };
      """)
    #expect(found.title == "A title" && found.elements == 0)
    #expect(found.letters == [text, text])
    let visible = [
      "\t": "⇥", "\u{301}": "◌\u{301}", "\u{202E}": "U+202E", "\u{200B}": "U+200B", "\u{0}": "U+0000",
      "\u{200D}": "U+200D",
    ]
    #expect(Array(found.shown.dropLast()) == characters(text).map { visible[$0] ?? $0 })
    // In a longer token marks and joiners stay where they are.
    let isKept = { (character: String) in ["\u{301}", "\u{200D}"].contains(character) }
    #expect(found.shown.last == characters(text).map { isKept($0) ? $0 : visible[$0] ?? $0 }.joined())
  }

  @Test func wordsAreTokensToo() throws {
    let words = ["the", " quick", " brown", "<eos>", "👩‍🚀", "مرحبا", "\n", "</b>", "end"]
    let found: [String] = try drive(
      ViewedText(words, models: 1, units: 1),
      """
      key($("past-text"), "End");
      return [...tokens("past-text").map(token => token.textContent), $("past-line").textContent,
        String($("training").hidden)];
      """)
    #expect(Array(found[..<8]) == words.dropLast().map { $0 == "\n" ? "↵\n" : $0 })
    #expect(
      found[8].contains("predicts ‘\u{2068}end\u{2069}’")
        && found[8].contains("the last token; the gradient at lag 5"))
    #expect(found[9] == "true")
  }

  // MARK: - The network

  @Test func aPageCannotAskForAnything() throws {
    let browser = try #require(HeadlessBrowser.installed)
    let visit = try browser.visit(
      TextViewPage.html(data: ViewedText(characters(Self.sentence)).json),
      script: """
        const host = "http://nowhere.invalid/";
        for (const [name, key] of [["img", "src"], ["script", "src"], ["iframe", "src"], ["link", "href"]]) {
          const element = document.createElement(name);
          element.rel = "stylesheet";
          element[key] = host + name;
          document.body.append(element);
        }
        await fetch(host + "fetch").catch(() => {});
        """)
    #expect(visit.requests.isEmpty)
    #expect(
      visit.errors.filter { $0.hasPrefix("blocked: http://nowhere.invalid") }.count == 5, "\(visit.errors)")
  }

  // MARK: - The browser of these tests

  @Test func theBrowserSeesErrorsAndRequests() throws {
    let browser = try #require(HeadlessBrowser.installed)
    let page = """
      <!DOCTYPE html><html><head><title>t</title></head><body><img src="http://nowhere.invalid/picture">
      <script>console.error("said"); Promise.reject("rejected"); setTimeout(() => { missing() }, 1)</script></body></html>
      """
    let visit = try browser.visit(page, script: "await new Promise(done => setTimeout(done, 100)); return 1;")
    #expect(visit.requests == ["http://nowhere.invalid/picture"])
    #expect(visit.errors.contains("console: said") && visit.errors.contains("rejection: rejected"))
    #expect(visit.errors.contains { $0.contains("missing") })
    #expect(try visit.result(Int.self) == 1)
    let strict = page.replacingOccurrences(
      of: "<title>",
      with:
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'\"><title>"
    )
    let blocked = try browser.visit(strict, script: "return 1;")
    #expect(
      blocked.requests.isEmpty && blocked.errors.contains { $0.hasPrefix("blocked: http://nowhere.invalid") })
  }
}
