/**
 * The Params of Kindling's estimators and models. Each is declared once, with its text and its
 * check, in {@link io.kindling.spark.param.NetworkParamSet}; {@link
 * io.kindling.spark.param.NetworkParams} is the trait that gives them, and their getters, to
 * estimator and model alike.
 *
 * <p>To add a Param: a field in the set, a Param method and a getter in the trait, a setter in the
 * estimator (and in the model if it matters after training). Params hold only primitives, strings
 * and arrays of them, so that persistence, CrossValidator and PySpark work. {@link
 * io.kindling.spark.param.ClassificationSchema} checks the columns that the Params name.
 *
 * <p>What is wrong is said as early as it can be known, and says what would be right: one value
 * when it is set, several Params and columns together in {@code transformSchema}, which a Pipeline
 * calls before it fits anything; only what depends on rows or on executors is left to tasks.
 */
package io.kindling.spark.param;
