import Experiments
import GradientFlow
import Testing

/// Complete headers: what reads these files counts on every column staying where it is. New ones go to the right.
@Suite("Headers of the CSVs") struct HeaderTests {
  private func table(_ lines: String) throws -> TrialsCSV {
    TrialsCSV(try SweepSpecification.parse(text: "name: x\n" + lines, file: "x.yaml"))
  }

  @Test func trials() throws {
    #expect(
      try table("").header == """
        trial,cell,hidden_size,spectral_radius,sequence_length,forget_bias,clip,seed,input_scale,\
        initializer,input_size,batch_size,task,loss_kind,readout_size,precision,root_seed,status,loss,\
        measured_spectral_radius,measured_sigma_max,log10_grad_total,log10_grad_w_hh_total,\
        log10_ratio_first_last,decay_rate,decay_rate_r2,half_life,clip_fraction,clip_cosine,\
        log10_grad_total_unclipped,log10_grad_w_ih_total,log10_grad_b_total,diverged_at,decay_rate_lags,\
        message,lyapunov_rate,forget_path_rate,predicted_log10_rho,predicted_pascanu_bound,\
        predicted_mean_field_low,predicted_mean_field_high,predicted_tied_mean_field,residual_log10_rho,\
        residual_pascanu_bound,residual_mean_field,residual_lyapunov,residual_forget_path,\
        residual_tied_mean_field
        """)
  }

  @Test func trialsOfARunThatTrains() throws {
    #expect(
      try table("task: {kind: adding}\niterations: 5").header == table("").header + """
        ,iterations,optimizer,learning_rate,schedule,truncation,weight_sd,updates,\
        solved_at,test_loss,test_error,chance_loss,diverged_iteration,diverged_kind,engaged,clip_verdict,\
        outcome
        """)
  }

  @Test func timesteps() {
    #expect(
      TimestepsCSV.header() == """
        trial,cell,hidden_size,spectral_radius,sequence_length,forget_bias,clip,seed,t,lag,log10_grad_h,\
        log10_grad_c,log10_grad_a,log10_grad_w_hh,log10_grad_w_ih,log10_grad_h_mean,log10_grad_h_sd,\
        log10_grad_h_immediate,log10_grad_b,input_scale,initializer,log10_grad_b_hh,log10_grad_c_mean,\
        log10_grad_h_clipped,log10_grad_h_unclipped,log10_grad_a_hh,log10_grad_a_i,log10_grad_a_f,\
        log10_grad_a_g,log10_grad_a_o,log10_grad_a_r,log10_grad_a_z,log10_grad_a_n,layer,direction
        """)
    #expect(
      TimestepsCSV.header(TimestepsCSV.FurtherColumns(axes: [.initialStateScale, .washout]))
        == TimestepsCSV.header()
        + ",initial_state_scale,washout")
  }

  @Test func timestepsOfNetworks() throws {
    let specification = try SweepSpecification.parse(
      text: "name: x\nlayers: 2\nmin_length: 5", file: "x.yaml")
    #expect(
      TimestepsCSV.header(TimestepsCSV.FurtherColumns(specification)) == TimestepsCSV.header()
        + ",layers,bidirectional,embedding_size,tied,min_length,sequences")
    let encoder = try SweepSpecification.parse(text: "name: x\ntask: {kind: reversal}", file: "x.yaml")
    #expect(
      TimestepsCSV.header(TimestepsCSV.FurtherColumns(encoder)) == TimestepsCSV.header() + ",part")
  }

  @Test func layers() {
    #expect(
      LayersCSV.header([.layers]) == """
        trial,cell,hidden_size,spectral_radius,sequence_length,forget_bias,clip,seed,part,layer,direction,\
        measured_spectral_radius,measured_sigma_max,log10_grad_w_hh_total,log10_grad_w_ih_total,\
        log10_grad_b_total,log10_ratio_first_last,decay_rate,decay_rate_r2,decay_rate_lags,half_life,\
        lyapunov_rate,forget_path_rate,diverged_at,input_scale,initializer,layers
        """)
  }

  @Test func lengthTests() {
    #expect(
      LengthTestsCSV.header
        == "trial,length,sequences,loss,perplexity,error,accuracy,own_loss,own_accuracy")
  }

  @Test func stepTests() {
    #expect(
      StepTestsCSV.header
        == "trial,t,outputs,loss,perplexity,accuracy,own_loss,own_accuracy,chance_loss")
  }

  @Test func training() {
    #expect(
      TrainingCSV.header() == """
        trial,task,cell,hidden_size,spectral_radius,sequence_length,forget_bias,clip,optimizer,\
        learning_rate,truncation,seed,iteration,updates,learning_rate_now,loss,log10_grad_before,\
        log10_grad_before_max,log10_grad_after,engaged,clipped_share,cosine,cosine_min,omega,log10_update,\
        log10_weights,events,event_t,test_loss,test_error,test_size,log10_ratio_first_last,decay_rate,\
        spectral_radius_now,sigma_max_now,lyapunov_rate
        """)
    #expect(TrainingCSV.header([.washout]) == TrainingCSV.header() + ",washout")
    #expect(
      TrainingCSV.header([.layers], hasNetworks: true) == TrainingCSV.header()
        + ",test_accuracy,test_perplexity,test_own_accuracy,test_own_loss,layers")
  }

  @Test func trainingTimesteps() {
    #expect(
      TrainingTimestepsCSV.header() == """
        trial,task,cell,hidden_size,spectral_radius,sequence_length,forget_bias,clip,optimizer,\
        learning_rate,truncation,seed,iteration,t,lag,log10_grad_h,log10_grad_h_clipped,\
        log10_grad_h_immediate,log10_grad_h_mean,log10_grad_c,log10_grad_a,log10_grad_w_hh,log10_grad_w_ih,\
        log10_grad_b,cut_share,saturation,saturation_i,saturation_f,saturation_g,saturation_o,saturation_r,\
        saturation_z,saturation_n,log10_grad_a_i,log10_grad_a_f,log10_grad_a_g,log10_grad_a_o,\
        log10_grad_a_r,log10_grad_a_z,log10_grad_a_n,log10_memory
        """)
    #expect(TrainingTimestepsCSV.header([.washout]) == TrainingTimestepsCSV.header() + ",washout")
    #expect(
      TrainingTimestepsCSV.header([.layers], hasNetworks: true) == TrainingTimestepsCSV.header()
        + ",layer,direction,part,layers")
    #expect(
      TrainingTimestepsCSV.header([.layers], hasNetworks: true, hasLengths: true)
        == TrainingTimestepsCSV.header() + ",layer,direction,part,sequences,log10_ratio_last,layers")
  }

  /// Every column says what it means, once.
  @Test func columnsHaveNamesOfTheirOwnAndAMeaning() throws {
    func check<Source, Value>(_ columns: [Column<Source, Value>]) {
      #expect(Set(columns.map(\.name)).count == columns.count)
      #expect(columns.allSatisfy { !$0.summary.isEmpty && !$0.name.isEmpty })
    }
    check(StepDiagnosis.columns)
    check(TrainingRow.columns)
    check(TrainingProfile.columns)
    check(LayerRecord.columns)
    check(LengthTest.columns)
    check(StepTest.columns)
    check(try table("task: {kind: adding}\niterations: 5").columns)
  }
}
