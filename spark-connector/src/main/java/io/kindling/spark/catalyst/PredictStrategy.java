package io.kindling.spark.catalyst;

import java.util.List;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.SparkSession;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.SparkStrategy;
import scala.collection.immutable.Seq;

/** Plans {@link Predict}. */
final class PredictStrategy extends SparkStrategy {
  private static final long serialVersionUID = 1L;

  /**
   * Makes the strategy known to a session that is older than Kindling's place on the class path, as
   * in a notebook; every other has it from {@link KindlingExtensions}.
   */
  static void ensure(SparkSession session) {
    boolean known =
        session
            .sessionState()
            .planner()
            .strategies()
            .exists(strategy -> strategy instanceof PredictStrategy);
    if (!known) {
      var others = session.experimental().extraStrategies();
      session
          .experimental()
          .extraStrategies_$eq(others.<SparkStrategy>appended(new PredictStrategy()).toSeq());
    }
  }

  @Override
  public Seq<SparkPlan> apply(LogicalPlan plan) {
    if (!(plan instanceof Predict predict)) {
      return Predict.seq(List.of());
    }
    SparkPlan exec =
        new PredictExec(
            predict.predictor(), predict.features(), predict.added(), planLater(predict.child()));
    return Predict.seq(List.of(exec));
  }
}
