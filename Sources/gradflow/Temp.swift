import ArgumentParser
import Experiments
struct FigureError: Error {}
struct FigureDrawing { init(_ run: Run, quiet: Bool) {}; func draw(all: Bool) async throws -> Int { 0 } }
struct PlotCommand: AsyncParsableCommand { static let configuration = CommandConfiguration(commandName: "plot") }
struct DoctorCommand: AsyncParsableCommand { static let configuration = CommandConfiguration(commandName: "doctor") }
