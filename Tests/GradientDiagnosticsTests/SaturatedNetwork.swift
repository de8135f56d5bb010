import GradientFlow
import TestSupport

/// Networks whose units are saturated, and what mpmath with hundreds of digits says of them.
struct SaturatedNetwork {
  let kind: CellKind
  let parameters: RecurrentParameters<Double>
  let inputs: [Double]
  let inputSize: Int

  var hiddenSize: Int { parameters.hiddenSize }
  var shape: SequenceShape {
    SequenceShape(
      steps: inputs.count / inputSize, batch: 1, inputSize: inputSize, hiddenSize: hiddenSize)
  }

  /// Entries are multiples of 1/32, and so the same in every program:
  /// W_hh of gate g = e(g, i, j, 1)/4, W_ih = scale · e(g + 4, i, j, 2), x_t = e(9, t, j, 3), the bias that of gate 1.
  init(_ kind: CellKind, hidden: Int, steps: Int, scale: Double, bias: Double = 0) {
    func entry(_ a: Int, _ i: Int, _ j: Int, _ c: Int) -> Double {
      let squares = 5 * i * i + 3 * i * j + 7 * j * j * j
      let rest = 11 * a + 13 * c * i + 2 * c * j
      return Double((squares + rest) % 31 - 15) / 8
    }
    func block(_ columns: Int, _ value: (Int, Int, Int) -> Double) -> Matrix<Double> {
      let gates = kind.gates.count
      return Matrix(
        rows: gates * hidden, columns: columns,
        values: (0..<gates * hidden).flatMap { row in
          (0..<columns).map { value(row / hidden, row % hidden, $0) }
        })
    }
    self.kind = kind
    inputSize = 2
    let weightHH = block(hidden) { 0.25 * entry($0, $1, $2, 1) }
    let weightIH = block(2) { scale * entry($0 + 4, $1, $2, 2) }
    parameters = RecurrentParameters(
      weightIH: weightIH, weightHH: weightHH,
      biasIH: (0..<weightHH.rows).map { $0 / hidden == 1 ? bias : 0 },
      biasHH: Array(repeating: 0, count: weightHH.rows))
    inputs = (0..<steps).flatMap { t in (0..<2).map { entry(9, t, $0, 3) } }
  }

  init(_ kind: CellKind, parameters: RecurrentParameters<Double>, inputs: [Double]) {
    (self.kind, self.parameters, self.inputs) = (kind, parameters, inputs)
    inputSize = parameters.inputSize
  }

  /// log10 of the singular values of a block at a lag; NaN where they are not known.
  func singularValues(_ block: StateBlock = .hidden, lag: Int) -> [Double] {
    kind.accept(Spectrum(network: self, block: block, lag: lag))
  }
}

private struct Spectrum: CellVisitor {
  typealias Element = Double
  let network: SaturatedNetwork
  let block: StateBlock
  let lag: Int

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [Double] where Cell.Element == Double {
    var pass = SequencePass(
      cell: Cell(parameters: network.parameters), shape: network.shape, inputs: network.inputs)
    return pass.jacobianSpectrum(block, lags: [lag]).singularValues[0].map(\.log10)
  }
}

extension SaturatedNetwork {
  /// An Elman network of 5 units with preactivations between 15 and 40, found by a search for what goes wrong.
  static let fiveUnits = SaturatedNetwork(
    .rnn,
    parameters: RecurrentParameters(
      weightIH: Matrix(rows: 5, columns: 4, values: weightIH),
      weightHH: Matrix(rows: 5, columns: 5, values: weightHH),
      biasIH: biasIH, biasHH: biasHH),
    inputs: fiveInputs)

  private static let weightHH = [
    1.2363995926499278, 2.9395104326652275, 1.1822076234117285, -4.662317048380461, 3.239099618734924,
    1.5969982195733252, -1.921062296006466, 2.0790713343021623, 1.3043338569472807, 1.052320411061577,
    0.1016865018480395, 1.955979843595782, -2.6348182413492345, -0.5828443486774743, -1.7248824902686521,
    2.142497343230913, 0.14211413206166795, -1.0463250810186646, -2.7974407584195746, -0.9201589332948439,
    0.02913035059854489, -0.9860269296733268, 4.6297834499473, 3.6017664058011007, -9.699749761623599,
  ]
  private static let weightIH = [
    -7.556052983870691, -0.6990883682206478, -1.6887616463054143, 0.8545719899944444, 0.8692877240902543,
    8.471355020204193, -4.448083050769125, -1.5104200285079923, 8.171086429969321, 2.5868119848073876,
    2.6522534895050467, -2.0560254867498515, -6.592300683422611, 0.6698589768909645, 0.43605635128619014,
    -4.909408216978297, -2.732906647122249, -0.2881747189089097, -3.7790064922431097, -0.3930798714088691,
  ]
  private static let biasIH = [
    0.19096605493890867, 0.07117247411097143, -1.0125833166286295, 1.1874961435716456, 1.7823339085646568,
  ]
  private static let biasHH = [
    0.0, 0.0, -0.0, 0.0, 0.0,
  ]
  private static let fiveInputs = [
    0.3208483045665637, -0.818230227390307, 0.7316522837854408, -0.5014400184670523, 0.8791606182879853,
    -1.0717874168774442, 0.9144672031287812, -0.02006345461548042, -1.2487488903344155,
    -0.31389947196684775, 0.05410227877154389, 0.27279133916445375, -0.9821881249409777,
    -1.107373047165193, 0.19958453284708083, -0.46674961687980204, 0.23550561173022522, 0.7595195224783792,
    -1.6487873663509485, 0.2543881165176173, 1.2246469675357323, -0.2975268443704732, -0.8108145832375699,
    0.7522438271795928, 0.25344651620814146, 0.8958830707775604, -0.3452157100512797, -1.4818182737222112,
    -0.11001076471125099, -0.4458281530112322, 0.7753238220475741, 0.1936328483771538, -1.6308492324351012,
    -1.1951630801031998, 0.8837890365872553, 0.6797650174178466, -0.6402433659084887,
    -0.001048796567280681, 0.4455735537761861, 0.4684043358472779, 0.8762421961143501, 0.256485627221562,
    -0.09482833896849817, -0.25884806478784556, 1.0557428005332512, -2.2508542750785376,
    -0.13865532509133732, 0.03300010398406011, -1.4253489608701877, 0.33281361313804664,
    -0.651281012443394, 0.8624447963157468, -0.1255920840343272, 0.6691532407894528, 1.2188436051712233,
    0.3829295827134724, -0.8757211434228455, -1.5143186317046384, 1.7533841175163727, -0.11129219318751944,
    -0.6885649476343216, 0.14425708806082496, -0.19141133048264922, 0.8521422642126877,
    0.03392818243710029, 0.013749583618419497, -0.7145797210329641, 0.4695680987474934,
    -1.0338667223549824, 0.6658894397639671, 1.5239375129901318, -1.5246860380991518, -2.466229231351318,
    0.6168787551543194, 2.547897815483126, -1.0009248488718936, -1.2506957588019882, 0.5889689337804737,
    -0.8407215900583078, -0.5060254839367364,
  ]
}
