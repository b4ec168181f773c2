package io.kindling.optim;

import io.kindling.KindlingException;
import io.kindling.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Parameters that share an optimiser's options. Flags are 0 or 1. */
public final class ParamGroup {
  private final List<Tensor> parameters;
  private final Map<String, Option> declared;
  private final Map<String, Double> values = new LinkedHashMap<>();

  /**
   * An option of an optimiser.
   *
   * @param otherwise its value until it is set
   * @param least the smallest value allowed
   * @param below what values must stay below; infinity is never allowed
   */
  record Option(double otherwise, double least, double below) {}

  ParamGroup(List<Tensor> parameters, Map<String, Option> declared) {
    this.parameters = List.copyOf(parameters);
    this.declared = declared;
    declared.forEach((name, option) -> set(name, option.otherwise));
  }

  public List<Tensor> parameters() {
    return parameters;
  }

  /** Every option and its value, in the order in which the optimiser declares them. */
  public Map<String, Double> options() {
    return Collections.unmodifiableMap(values);
  }

  public double get(String option) {
    check(option);
    return values.get(option);
  }

  public boolean isSet(String flag) {
    return get(flag) != 0;
  }

  /**
   * Sets one option for this group.
   *
   * @throws KindlingException if the optimiser has no such option or the value is out of range
   */
  public ParamGroup set(String option, double value) {
    Option range = check(option);
    if (!(value >= range.least && value < range.below)) {
      throw new KindlingException(
          "optimiser option "
              + option
              + " is "
              + value
              + "; expected a number from "
              + range.least
              + " to below "
              + range.below);
    }
    values.put(option, value);
    return this;
  }

  private Option check(String option) {
    Option range = declared.get(option);
    if (range == null) {
      throw new KindlingException(
          "the optimiser has no option '" + option + "'; it has " + declared.keySet());
    }
    return range;
  }
}
