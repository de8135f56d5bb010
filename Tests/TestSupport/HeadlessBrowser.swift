import Foundation

/// A browser without a window, in which a test's script drives a page as a reader does.
///
/// The page is a copy of what a program writes, with two scripts of the test's: one in its head, which collects what goes
/// wrong from the first script on, and one at its end, which drives it. It is opened as a file, and no name of a host
/// resolves.
public struct HeadlessBrowser: Sendable {
  /// What came of opening a page and driving it.
  public struct Visit: Sendable {
    /// What the test's script returned, as JSON.
    public let result: Data
    /// Errors, unhandled rejections, `console.error` and violations of the page's Content-Security-Policy.
    public let errors: [String]
    /// What the page itself asked of the network: addresses that are neither `file:` nor `data:`.
    public let requests: [String]

    /// What the test's script returned.
    public func result<Value: Decodable>(_ type: Value.Type) throws -> Value {
      try JSONDecoder().decode(type, from: result)
    }
  }

  /// A visit that came to no result.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let executable: String

  /// The browser of `GRADFLOW_BROWSER`, or a Chromium on the PATH; nil where there is none.
  public static let installed: HeadlessBrowser? = {
    let environment = ProcessInfo.processInfo.environment
    let wanted = environment["GRADFLOW_BROWSER"].map { [$0] }
    let names = wanted ?? ["chromium", "chromium-browser", "google-chrome"]
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let places = names.flatMap { name in name.contains("/") ? [name] : folders.map { "\($0)/\(name)" } }
    return places.first(where: FileManager.default.isExecutableFile).map(HeadlessBrowser.init)
  }()

  /// What a skipped test says.
  public static let absence =
    "no chromium, chromium-browser or google-chrome on the PATH, and no GRADFLOW_BROWSER"

  private init(executable: String) { self.executable = executable }

  /// Opens a page and runs a script in it, once everything of the page has run.
  ///
  /// - Parameters:
  ///   - html: the page.
  ///   - script: the body of an asynchronous JavaScript function; what it returns becomes JSON.
  ///   - size: of the window, in pixels of CSS.
  ///   - isDark: whether the reader prefers dark pages.
  ///   - seconds: of the page's own time, in which timers take no time to wait for.
  public func visit(
    _ html: String, size: (width: Int, height: Int) = (1280, 900), isDark: Bool = false, seconds: Int = 30,
    script: String
  ) throws -> Visit {
    let folder = try TemporaryDirectory()
    let page = try folder.write(try Self.driven(html, by: script), to: "page.html")
    let outcome = try run(
      page, in: folder,
      [
        "--window-size=\(size.width),\(size.height)", "--virtual-time-budget=\(seconds * 1000)",
        "--blink-settings=preferredColorScheme=\(isDark ? 0 : 1)",
      ])
    guard let report = try Report(page: outcome.output) else {
      let words = outcome.errors.suffix(2000)
      throw Failure(description: "status \(outcome.status), no result in the page: \(words)")
    }
    let requests = try Self.requests(in: folder.file("network.json"))
    return Visit(result: Data(report.result.utf8), errors: report.errors, requests: requests)
  }

  private func run(
    _ page: String, in folder: TemporaryDirectory, _ options: [String]
  ) throws -> BuiltProgram.Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments =
      [
        // Without its sandbox, for that asks for more than a container gives; what it shows is ours.
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
        "--disable-background-networking", "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        "--user-data-dir=\(folder.file("profile"))", "--log-net-log=\(folder.file("network.json"))",
      ] + options + ["--dump-dom", URL(fileURLWithPath: page).absoluteString]
    let browser = try RunningProgram(process)
    // Four times half a minute, for a machine that is busy.
    for _ in 0..<4 where browser.isRunning { _ = browser.waits { false } }
    if browser.isRunning { browser.send(SIGKILL) }
    return try browser.wait()
  }

  // MARK: - What the page says

  private static let place = "test-result"

  /// What the test's script wrote into the page.
  private struct Report: Decodable {
    /// JSON.
    let result: String
    let errors: [String]

    /// nil if the page has none.
    init?(page: String) throws {
      guard let start = page.range(of: "<pre id=\"\(place)\">"),
        let end = page.range(of: "</pre>", range: start.upperBound..<page.endIndex),
        let data = Data(base64Encoded: String(page[start.upperBound..<end.lowerBound]))
      else { return nil }
      self = try JSONDecoder().decode(Report.self, from: data)
    }
  }

  /// A page with scripts that collect what goes wrong, and drive it.
  private static func driven(_ html: String, by script: String) throws -> String {
    guard let head = html.range(of: "</head>"), let end = html.range(of: "</body>", options: .backwards)
    else {
      throw Failure(description: "the page has no </head> or no </body>")
    }
    let collector = """
      <script>
      window.testErrors = [];
      addEventListener("error", event => testErrors.push(String(event.message)));
      addEventListener("unhandledrejection", event => testErrors.push("rejection: " + event.reason));
      addEventListener("securitypolicyviolation", event => testErrors.push("blocked: " + event.blockedURI));
      console.error = (...words) => testErrors.push("console: " + words.join(" "));
      </script>
      """
    // In base 64, for the text of a page that is printed has its characters escaped.
    let driver = """
      <script>
      (async () => {
        let result = null;
        try {
          result = await (async () => {
      \(script)
          })();
        } catch (error) {
          testErrors.push("test: " + error.stack);
        }
        // Rejections and violations are told a moment later.
        await new Promise(done => setTimeout(done, 100));
        const report = JSON.stringify({ result: JSON.stringify(result ?? null), errors: testErrors });
        const bytes = new TextEncoder().encode(report), pre = document.createElement("pre");
        pre.id = "\(place)";
        pre.textContent = btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
        document.body.append(pre);
      })();
      </script>
      """
    return html[..<head.lowerBound] + collector + html[head.lowerBound..<end.lowerBound] + driver
      + html[end.lowerBound...]
  }

  // MARK: - What the page asks for

  /// The addresses in the browser's log of the network, without those that the browser asks for on its own account.
  private static func requests(in log: String) throws -> [String] {
    let data = try Data(contentsOf: URL(fileURLWithPath: log))
    guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let events = root["events"] as? [[String: Any]]
    else { throw Failure(description: "the browser's log of the network has no events") }
    let addresses = events.compactMap { event -> String? in
      guard let parameters = event["params"] as? [String: Any], let address = parameters["url"] as? String,
        let initiator = parameters["initiator"] as? String, initiator != "not an origin"
      else { return nil }
      return address.hasPrefix("file:") || address.hasPrefix("data:") ? nil : address
    }
    return Set(addresses).sorted()
  }
}
