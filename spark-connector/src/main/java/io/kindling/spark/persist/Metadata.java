package io.kindling.spark.persist;

import io.kindling.FormatException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter$;
import org.apache.spark.sql.SparkSession;
import org.json4s.JArray;
import org.json4s.JInt;
import org.json4s.JObject;
import org.json4s.JString;
import org.json4s.JValue;
import scala.Option;
import scala.Some;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import scala.math.BigInt;

/** The {@code metadata/} of a saved directory: Spark ML's JSON and a few fields of Kindling's. */
final class Metadata {
  /** Rises when a reader of the version before would misread a directory. */
  private static final int FORMAT_VERSION = 1;

  private static final String VERSION_FIELD = "formatVersion";

  private final DefaultParamsReader.Metadata spark;
  private final Map<String, JValue> fields;
  private final String directory;

  private Metadata(DefaultParamsReader.Metadata spark, String directory) {
    this.spark = spark;
    this.directory = directory;
    this.fields = new LinkedHashMap<>();
    CollectionConverters.asJava(((JObject) spark.metadata()).obj())
        .forEach(field -> fields.put(field._1(), field._2()));
  }

  /** Writes the Params of {@code instance}, and {@code extra} fields of whole numbers or text. */
  static void write(
      Params instance, Map<String, Object> extra, String directory, SparkSession session) {
    scala.collection.mutable.ListBuffer<Tuple2<String, JValue>> json =
        new scala.collection.mutable.ListBuffer<>();
    json.addOne(new Tuple2<>(VERSION_FIELD, new JInt(BigInt.apply(FORMAT_VERSION))));
    extra.forEach(
        (name, value) ->
            json.addOne(
                new Tuple2<>(
                    name,
                    value instanceof Integer number
                        ? new JInt(BigInt.apply(number))
                        : new JString((String) value))));
    DefaultParamsWriter$.MODULE$.saveMetadata(
        instance, directory, session, new Some<>(new JObject(json.toList())), Option.empty());
  }

  /**
   * Reads and checks.
   *
   * @throws FormatException if there is none, it is no metadata, it is another class's, or it comes
   *     from a later version
   */
  static Metadata read(String directory, Class<?> type, SparkSession session) {
    DefaultParamsReader.Metadata spark;
    try {
      spark = DefaultParamsReader$.MODULE$.loadMetadata(directory, session, "");
    } catch (Exception e) {
      throw new FormatException(
          directory + "/metadata cannot be read: " + e + "; a saved directory always holds it", e);
    }
    if (!spark.className().equals(type.getName())) {
      throw new FormatException(
          directory
              + "/metadata describes a "
              + spark.className()
              + ", not a "
              + type.getName()
              + "; load it with that class");
    }
    Metadata metadata = new Metadata(spark, directory);
    int version = metadata.number(VERSION_FIELD);
    if (version > FORMAT_VERSION) {
      throw new FormatException(
          directory
              + "/metadata has format version "
              + version
              + ", this Kindling reads up to "
              + FORMAT_VERSION
              + "; load it with the version that saved it, or a later one");
    }
    return metadata;
  }

  String uid() {
    return spark.uid();
  }

  /** Sets the saved Params and defaults on a new instance. */
  void setParams(Params instance) {
    try {
      spark.getAndSetParams(instance, Option.empty());
    } catch (RuntimeException e) {
      throw new FormatException(
          directory + "/metadata holds params that do not fit: " + e.getMessage(), e);
    }
  }

  int number(String field) {
    return field(field) instanceof JInt value && value.num().isValidInt()
        ? value.num().toInt()
        : fail(field, "a whole number");
  }

  String text(String field) {
    return field(field) instanceof JString value ? value.s() : fail(field, "text");
  }

  /** The saved value of a Param that is a list of sizes. */
  long[] shape(String param) {
    JValue value;
    try {
      value = spark.getParamValue(param);
    } catch (AssertionError e) {
      return fail(param, "the shape of a row's features among the params");
    }
    if (!(value instanceof JArray sizes)) {
      return fail(param, "the shape of a row's features among the params");
    }
    return CollectionConverters.asJava(sizes.arr()).stream()
        .mapToLong(size -> size instanceof JInt number ? number.num().toLong() : -1)
        .toArray();
  }

  private JValue field(String name) {
    return fields.get(name);
  }

  private <T> T fail(String field, String expected) {
    throw new FormatException(
        directory
            + "/metadata: expected "
            + expected
            + " as '"
            + field
            + "', found "
            + (fields.containsKey(field) ? fields.get(field) : "nothing")
            + "; the directory was not saved by Kindling or has been changed");
  }
}
