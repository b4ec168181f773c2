package io.kindling.spark.catalyst;

import java.util.Iterator;
import java.util.List;
import org.apache.spark.PartitionEvaluator;
import org.apache.spark.PartitionEvaluatorFactory;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.SortOrder;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.plans.physical.Partitioning;
import org.apache.spark.sql.execution.SparkPlan;
import org.apache.spark.sql.execution.UnaryExecNode;
import org.apache.spark.sql.execution.metric.SQLMetric;
import org.apache.spark.sql.execution.metric.SQLMetrics$;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Map;
import scala.collection.immutable.Map$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * The physical operator: runs a {@link RowPredictor} over each partition, from Spark's binary rows
 * to Spark's binary rows.
 */
public final class PredictExec extends SparkPlan implements UnaryExecNode {
  private static final long serialVersionUID = 1L;
  private static final String ROWS = "numOutputRows";

  private final RowPredictor predictor;
  private final Attribute features;
  private final Seq<Attribute> added;
  private final SparkPlan child;
  private final Map<String, SQLMetric> metrics;

  /** For Spark, which copies nodes by their elements. */
  public PredictExec(
      RowPredictor predictor, Attribute features, Seq<Attribute> added, SparkPlan child) {
    this.predictor = predictor;
    this.features = features;
    this.added = added;
    this.child = child;
    SQLMetric rows = SQLMetrics$.MODULE$.createMetric(sparkContext(), "number of output rows");
    this.metrics = Map$.MODULE$.<String, SQLMetric>empty().updated(ROWS, rows);
  }

  @Override
  public RDD<InternalRow> doExecute() {
    int ordinal =
        child.output().indexWhere(attribute -> attribute.exprId().equals(features.exprId()), 0);
    Evaluators evaluators = new Evaluators(predictor, ordinal, output(), metrics.apply(ROWS));
    return child
        .execute()
        .mapPartitionsWithEvaluator(evaluators, ClassTag.apply(InternalRow.class));
  }

  /** What a task needs, without the plan around it. */
  private record Evaluators(
      RowPredictor predictor, int features, Seq<Attribute> output, SQLMetric rows)
      implements PartitionEvaluatorFactory<InternalRow, InternalRow> {
    @Override
    public PartitionEvaluator<InternalRow, InternalRow> createEvaluator() {
      return (partition, inputs) -> {
        Iterator<InternalRow> given = CollectionConverters.asJava(inputs.head());
        return CollectionConverters.asScala(rows(predictor.predict(given, features, partition)));
      };
    }

    private Iterator<InternalRow> rows(Iterator<RowPredictor.Predicted> predicted) {
      UnsafeProjection projection = UnsafeProjection.create(Predict.expressions(output), output);
      JoinedRow joined = new JoinedRow();
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return predicted.hasNext();
        }

        @Override
        public InternalRow next() {
          RowPredictor.Predicted next = predicted.next();
          rows.add(1);
          return projection.apply(joined.apply(next.row(), next.added()));
        }
      };
    }
  }

  @Override
  public Map<String, SQLMetric> metrics() {
    return metrics;
  }

  @Override
  public Seq<Attribute> output() {
    return child.output().concat(added).toSeq();
  }

  @Override
  public AttributeSet producedAttributes() {
    return AttributeSet$.MODULE$.apply(Predict.expressions(added));
  }

  @Override
  public Partitioning outputPartitioning() {
    return child.outputPartitioning();
  }

  @Override
  public Seq<SortOrder> outputOrdering() {
    return child.outputOrdering();
  }

  @Override
  public SparkPlan child() {
    return child;
  }

  @Override
  public Seq<SparkPlan> children() {
    return Predict.seq(List.of(child));
  }

  @Override
  public SparkPlan withNewChildInternal(SparkPlan newChild) {
    return new PredictExec(predictor, features, added, newChild);
  }

  @Override
  public SparkPlan withNewChildrenInternal(IndexedSeq<SparkPlan> newChildren) {
    return withNewChildInternal(newChildren.apply(0));
  }

  @Override
  public int productArity() {
    return 4;
  }

  @Override
  public Object productElement(int n) {
    return List.of(predictor, features, added, child).get(n);
  }

  @Override
  public boolean canEqual(Object other) {
    return other instanceof PredictExec;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PredictExec that
        && productIterator().sameElements(that.productIterator());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
