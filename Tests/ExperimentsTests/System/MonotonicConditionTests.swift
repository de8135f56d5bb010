import Experiments
import Testing

@Suite("Waiting") struct MonotonicConditionTests {
  @Test func aWaitEndsWhenItsTimeHasCome() {
    let condition = MonotonicCondition()
    let start = ContinuousClock.now
    var isCalled = true
    condition.withLock {
      // Being woken without a call is allowed to happen.
      while isCalled { isCalled = condition.wait(until: start + .seconds(0.05)) }
    }
    #expect((.seconds(0.05)..<Duration.seconds(5)).contains(ContinuousClock.now - start))
  }

  @Test func aMomentThatHasPassedIsNotWaitedFor() {
    let condition = MonotonicCondition()
    #expect(condition.withLock { !condition.wait(until: .now - .seconds(1)) })
  }

  @Test func aThreadWakesAnother() {
    final class Flag: @unchecked Sendable { var isSet = false }
    let (condition, flag) = (MonotonicCondition(), Flag())
    #expect(
      SystemThread.start {
        condition.withLock {
          flag.isSet = true
          condition.broadcast()
        }
      })
    let deadline = ContinuousClock.now + .seconds(30)
    condition.withLock {
      while !flag.isSet, condition.wait(until: deadline) {}
      #expect(flag.isSet)
    }
  }
}
