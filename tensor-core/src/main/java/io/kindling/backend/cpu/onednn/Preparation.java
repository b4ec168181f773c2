package io.kindling.backend.cpu.onednn;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;
import static org.bytedeco.dnnl.global.dnnl.dnnl_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_f32;
import static org.bytedeco.dnnl.global.dnnl.dnnl_format_tag_any;
import static org.bytedeco.dnnl.global.dnnl.dnnl_invalid_arguments;
import static org.bytedeco.dnnl.global.dnnl.dnnl_last_impl_reached;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_strides;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_create_with_tag;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_equal;
import static org.bytedeco.dnnl.global.dnnl.dnnl_memory_desc_get_size;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_append_eltwise;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_post_ops_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_clone;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_attr_set_post_ops;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_destroy;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_next_impl;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query;
import static org.bytedeco.dnnl.global.dnnl.dnnl_primitive_desc_query_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_exec_arg_md;
import static org.bytedeco.dnnl.global.dnnl.dnnl_query_impl_info_str;
import static org.bytedeco.dnnl.global.dnnl.dnnl_reorder_primitive_desc_create;
import static org.bytedeco.dnnl.global.dnnl.dnnl_s8;
import static org.bytedeco.dnnl.global.dnnl.dnnl_success;
import static org.bytedeco.dnnl.global.dnnl.dnnl_u8;
import static org.bytedeco.dnnl.global.dnnl.dnnl_unimplemented;

import io.kindling.tensor.DType;
import io.kindling.tensor.Layout;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * The making of one prepared call: hands out descriptors, which end with it, and primitives, which
 * the call keeps.
 */
final class Preparation implements AutoCloseable {
  private final Team team;
  private final List<dnnl_memory_desc> memories = new ArrayList<>();

  /** With how many threads each is made for. */
  private final Map<dnnl_primitive_desc, Integer> operations = new IdentityHashMap<>();

  private final List<dnnl_primitive_attr> attributes = new ArrayList<>();
  private final List<Primitive> primitives = new ArrayList<>();

  Preparation(Team team) {
    this.team = team;
  }

  /** Creates a primitive descriptor through one of oneDNN's functions, which return a status. */
  @FunctionalInterface
  interface Creator {
    int create(dnnl_primitive_desc created);
  }

  /** Memory laid out as a tensor; a stride of a dimension of size 1 means nothing. */
  dnnl_memory_desc memory(DType dtype, Layout layout) {
    return memory(dtype, layout.shape().toArray(), layout.strides());
  }

  /** Memory with these sizes and strides, in elements. */
  dnnl_memory_desc memory(DType dtype, long[] sizes, long[] strides) {
    dnnl_memory_desc created = new dnnl_memory_desc();
    Status.check(
        dnnl_memory_desc_create_with_strides(created, sizes.length, sizes, type(dtype), strides),
        "dnnl_memory_desc_create_with_strides");
    memories.add(created);
    return created;
  }

  /** Memory whose order oneDNN may choose. */
  dnnl_memory_desc anyOrder(DType dtype, long[] sizes) {
    dnnl_memory_desc created = new dnnl_memory_desc();
    Status.check(
        dnnl_memory_desc_create_with_tag(
            created, sizes.length, sizes, type(dtype), dnnl_format_tag_any),
        "dnnl_memory_desc_create_with_tag");
    memories.add(created);
    return created;
  }

  /** As {@link OneDnn#attributes}, and the result is then {@code scale * result + shift}. */
  dnnl_primitive_attr attributesThenLinear(float scale, float shift) {
    dnnl_primitive_attr created = new dnnl_primitive_attr();
    Status.check(
        dnnl_primitive_attr_clone(created, OneDnn.attributes()), "dnnl_primitive_attr_clone");
    attributes.add(created);
    dnnl_post_ops after = new dnnl_post_ops();
    Status.check(dnnl_post_ops_create(after), "dnnl_post_ops_create");
    try {
      Status.check(
          dnnl_post_ops_append_eltwise(after, dnnl_eltwise_linear, scale, shift),
          "dnnl_post_ops_append_eltwise");
      Status.check(
          dnnl_primitive_attr_set_post_ops(created, after), "dnnl_primitive_attr_set_post_ops");
    } finally {
      dnnl_post_ops_destroy(after);
    }
    return created;
  }

  /**
   * A descriptor of an operation, or null if oneDNN has no implementation of it here, which for
   * some combinations it calls invalid.
   *
   * @param nanoseconds about how long one thread takes, which decides whether there are more
   */
  dnnl_primitive_desc operation(String name, double nanoseconds, Creator creator) {
    dnnl_primitive_desc created = new dnnl_primitive_desc();
    int status = create(created, nanoseconds, creator);
    if (status == dnnl_unimplemented || status == dnnl_invalid_arguments) {
      return null;
    }
    Status.check(status, name);
    return created;
  }

  /**
   * As {@link #operation(String, double, Creator)}, in the first implementation whose name begins
   * so; null if there is none.
   */
  dnnl_primitive_desc operation(
      String name, double nanoseconds, String implementation, Creator creator) {
    dnnl_primitive_desc created = operation(name, nanoseconds, creator);
    while (created != null && !implementation(created).startsWith(implementation)) {
      int status = dnnl_primitive_desc_next_impl(created);
      if (status == dnnl_last_impl_reached) {
        return null;
      }
      Status.check(status, "dnnl_primitive_desc_next_impl");
    }
    return created;
  }

  private static String implementation(dnnl_primitive_desc operation) {
    try (PointerPointer<BytePointer> name = new PointerPointer<>(1)) {
      Status.check(
          dnnl_primitive_desc_query(operation, dnnl_query_impl_info_str, 0, name),
          "dnnl_primitive_desc_query");
      return name.get(BytePointer.class, 0).getString();
    }
  }

  /** How many threads an operation is made for that takes one so long. */
  int threads(double nanoseconds) {
    return team.size(nanoseconds);
  }

  private int create(dnnl_primitive_desc created, double nanoseconds, Creator creator) {
    int threads = threads(nanoseconds);
    team.use(threads);
    int status = creator.create(created);
    if (status == dnnl_success) {
      operations.put(created, threads);
    }
    return status;
  }

  /** The order of an argument that an operation has chosen. */
  dnnl_memory_desc chosen(dnnl_primitive_desc operation, int argument) {
    return dnnl_primitive_desc_query_md(operation, dnnl_query_exec_arg_md, argument);
  }

  /** Whether an argument has the order that the caller counts on. */
  boolean isChosen(dnnl_primitive_desc operation, int argument, dnnl_memory_desc expected) {
    return dnnl_memory_desc_equal(chosen(operation, argument), expected) != 0;
  }

  Primitive primitive(dnnl_primitive_desc operation, int... arguments) {
    Primitive primitive = new Primitive(operation, team, operations.get(operation), arguments);
    primitives.add(primitive);
    return primitive;
  }

  /** A copy from one order to another, or null if they are the same. */
  Primitive reorder(dnnl_memory_desc from, dnnl_memory_desc to) {
    if (dnnl_memory_desc_equal(from, to) != 0) {
      return null;
    }
    double nanoseconds =
        Team.copies(dnnl_memory_desc_get_size(from) + dnnl_memory_desc_get_size(to));
    dnnl_primitive_desc operation = new dnnl_primitive_desc();
    int status =
        create(
            operation,
            nanoseconds,
            created ->
                dnnl_reorder_primitive_desc_create(
                    created, from, OneDnn.engine(), to, OneDnn.engine(), OneDnn.attributes()));
    Status.check(status, "dnnl_reorder_primitive_desc_create");
    return primitive(operation, DNNL_ARG_FROM, DNNL_ARG_TO);
  }

  List<Primitive> primitives() {
    return primitives;
  }

  /** Whether oneDNN calculates in this type here. */
  static boolean hasType(DType dtype) {
    return dtype == DType.FLOAT32 || dtype == DType.BFLOAT16 && OneDnn.hasBfloat16();
  }

  private static int type(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> dnnl_f32;
      case BFLOAT16 -> dnnl_bf16;
      case UINT8 -> dnnl_u8;
      case INT8 -> dnnl_s8;
      case FLOAT64, FLOAT16, INT64, INT32, INT16, BOOL ->
          throw new IllegalArgumentException("no kernel passes " + dtype + " to oneDNN");
    };
  }

  @Override
  public void close() {
    operations.keySet().forEach(operation -> dnnl_primitive_desc_destroy(operation));
    attributes.forEach(set -> dnnl_primitive_attr_destroy(set));
    memories.forEach(memory -> dnnl_memory_desc_destroy(memory));
  }
}
