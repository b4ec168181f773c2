package io.kindling.tensor;

import io.kindling.KindlingException;
import io.kindling.memory.Scope;
import io.kindling.op.CastPolicy;
import io.kindling.op.Dispatch;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Methods that are made of several operations: what these leave behind is closed, and where one of
 * them refuses, the message names the method that was called.
 */
final class Composite {
  private Composite() {}

  static Tensor run(String name, Supplier<Tensor> body) {
    try (Scope scope = Scope.open()) {
      return scope.keep(body.get());
    } catch (KindlingException e) {
      throw e.during(name);
    }
  }

  /** As {@link #run}, on inputs that autocast casts by the method's own policy; may be null. */
  static Tensor cast(
      String name, CastPolicy policy, Function<Tensor[], Tensor> body, Tensor... inputs) {
    return Dispatch.composed(name, policy, in -> run(name, () -> body.apply(in)), inputs);
  }

  static ValuesAndIndices both(String name, Supplier<ValuesAndIndices> body) {
    try (Scope scope = Scope.open()) {
      ValuesAndIndices both = body.get();
      scope.keep(both.values());
      scope.keep(both.indices());
      return both;
    } catch (KindlingException e) {
      throw e.during(name);
    }
  }

  static List<Tensor> runAll(String name, Supplier<List<Tensor>> body) {
    try (Scope scope = Scope.open()) {
      List<Tensor> results = body.get();
      results.forEach(scope::keep);
      return results;
    } catch (KindlingException e) {
      throw e.during(name);
    }
  }
}
