import GradientFlow
import TextFiles

/// What a network puts out as a table: one row per step and output; of a task that reads its own outputs, of either way of
/// reading.
public enum OutputsCSV {
  /// The column names.
  ///
  /// `predictions` is `forced` (the right outputs before, teacher forcing) or `own`, and empty for tasks that read none.
  /// `value` is the probability of a class, or an output of a regression; `target` is 1 for the right class and 0 for
  /// others, or the value that is asked for; empty where nothing is asked.
  public static let header = "trial,sequence,t,predictions,input,output,value,target"

  /// All rows, each with its line feed.
  ///
  /// - Parameter step: of the rows; nil: all.
  public static func text(_ outputs: TrialOutputs, step: Int? = nil) -> String {
    var text = header + "\n"
    for row in outputs.reading.steps where step == nil || row.step == step {
      for way in outputs.ways {
        guard let prediction = way.prediction(row) else { continue }
        let head =
          "\(outputs.trial.id),\(outputs.sequence),\(row.step),\(way.rawValue),"
          + CSVField.text(outputs.name(prediction.input, digits: { CSVField.number($0) }))
        for (k, value) in prediction.outputs.enumerated() {
          let name = outputs.classifies ? outputs.task.name(ofClass: k) : "\(k)"
          text += "\(head),\(CSVField.text(name)),\(CSVField.number(value)),\(target(row.target, k))\n"
        }
      }
    }
    return text
  }

  private static func target(_ target: SequenceReading.Target?, _ k: Int) -> String {
    switch target {
    case nil: return ""
    case .label(let label)?: return label == k ? "1" : "0"
    case .values(let values)?: return CSVField.number(values[k])
    }
  }
}
