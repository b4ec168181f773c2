package io.kindling.spark.catalyst;

import io.kindling.KindlingException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Alias;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.AttributeSet;
import org.apache.spark.sql.catalyst.expressions.AttributeSet$;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.catalyst.plans.logical.Project;
import org.apache.spark.sql.catalyst.plans.logical.UnaryNode;
import org.apache.spark.sql.catalyst.types.DataTypeUtils;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.classic.Dataset$;
import org.apache.spark.sql.types.StructField;
import scala.Option;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;
import scala.collection.immutable.Seq$;
import scala.jdk.javaapi.CollectionConverters;

/** The logical operator: a child's columns, and those that a network makes of one of them. */
public final class Predict extends LogicalPlan implements UnaryNode {
  private static final long serialVersionUID = 1L;

  private final RowPredictor predictor;
  private final Attribute features;
  private final Seq<Attribute> added;
  private final LogicalPlan child;

  /**
   * For Spark, which copies nodes by their elements, and looks for columns to rename in each of
   * them: so {@code features} and {@code added} stand by themselves.
   */
  public Predict(
      RowPredictor predictor, Attribute features, Seq<Attribute> added, LogicalPlan child) {
    this.predictor = predictor;
    this.features = features;
    this.added = added;
    this.child = child;
  }

  /**
   * {@code rows} with more columns.
   *
   * @param features the number of the column that the predictor reads
   * @param added the new columns
   */
  public static org.apache.spark.sql.Dataset<Row> columns(
      org.apache.spark.sql.Dataset<Row> rows,
      RowPredictor predictor,
      int features,
      List<StructField> added) {
    if (!(rows instanceof Dataset<Row> classic)) {
      throw new KindlingException(
          "prediction runs where the plan is, and "
              + rows.getClass().getName()
              + " has none here; call transform in the driver of the cluster");
    }
    PredictStrategy.ensure(classic.sparkSession());
    LogicalPlan child = classic.logicalPlan();
    List<Attribute> made = new ArrayList<>();
    List<NamedExpression> output = new ArrayList<>(CollectionConverters.asJava(child.output()));
    for (StructField field : added) {
      AttributeReference attribute = DataTypeUtils.toAttribute(field);
      made.add(attribute);
      // In a self join Spark gives one side new names for what it makes, and knows how for an
      // alias only; where there is no join it removes the alias.
      output.add(
          new Alias(
              attribute,
              field.name(),
              NamedExpression.newExprId(),
              noStrings(),
              Option.apply(field.metadata()),
              noStrings()));
    }
    Predict predict = new Predict(predictor, child.output().apply(features), seq(made), child);
    return Dataset$.MODULE$.ofRows(classic.sparkSession(), new Project(seq(output), predict));
  }

  RowPredictor predictor() {
    return predictor;
  }

  Attribute features() {
    return features;
  }

  Seq<Attribute> added() {
    return added;
  }

  @Override
  public LogicalPlan child() {
    return child;
  }

  @Override
  public Seq<LogicalPlan> children() {
    return seq(List.of(child));
  }

  @Override
  public Seq<Attribute> output() {
    return child.output().concat(added).toSeq();
  }

  @Override
  public AttributeSet producedAttributes() {
    return AttributeSet$.MODULE$.apply(expressions(added));
  }

  @Override
  public LogicalPlan withNewChildInternal(LogicalPlan newChild) {
    return new Predict(predictor, features, added, newChild);
  }

  @Override
  public LogicalPlan withNewChildrenInternal(IndexedSeq<LogicalPlan> newChildren) {
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
    return other instanceof Predict;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Predict that && productIterator().sameElements(that.productIterator());
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }

  static <T> Seq<T> seq(List<? extends T> elements) {
    return CollectionConverters.<T>asScala(new ArrayList<T>(elements)).toSeq();
  }

  /** What Scala's types know and Java's do not: attributes are expressions. */
  @SuppressWarnings("unchecked")
  static Seq<Expression> expressions(Seq<Attribute> attributes) {
    return (Seq<Expression>) (Seq<?>) attributes;
  }

  private static Seq<String> noStrings() {
    return Seq$.MODULE$.<String>empty();
  }
}
