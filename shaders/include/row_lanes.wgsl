// A row of numbers and who works on it. With COOPERATIVE = 0 that is one invocation a row: software adapters pay 4-12 times the row for
// the barriers of a reduction. With 1 it is ROW_LANES neighbouring invocations: lane l takes columns l, l + 64, .., so that neighbours
// load neighbours, and row_sum adds the lanes up in an order that is the same for every row, whatever the number of rows is.
// GROUP, a constant of the dispatch, is the number of invocations of a workgroup (row-lanes.ts).

// @if COOPERATIVE
const ROW_LANES: u32 = 64u;

var<workgroup> lane_values: array<f32, GROUP>;
var<workgroup> octet_values: array<f32, GROUP / 8u>;

// For workgroups of one row. Nothing of it depends on the invocation, so the workgroup may return early by it.
fn row_of(group: vec3u, index: u32) -> u32 {
  return group.y * 32768u + group.x;
}

// Both reductions are called by the whole workgroup, and add (or compare) eight lanes, then the eights. What a call reads last,
// octet_values, the next one writes behind its first barrier; what it reads first was read before this one's second.
fn row_sum(index: u32, value: f32) -> f32 {
  lane_values[index] = value;
  workgroupBarrier();
  if (index % 8u == 0u) {
    var sum = lane_values[index];
    for (var l = 1u; l < 8u; l++) { sum += lane_values[index + l]; }
    octet_values[index / 8u] = sum;
  }
  workgroupBarrier();
  let first = index / ROW_LANES * (ROW_LANES / 8u);
  var sum = octet_values[first];
  for (var o = 1u; o < ROW_LANES / 8u; o++) { sum += octet_values[first + o]; }
  return sum;
}

fn row_max(index: u32, value: f32) -> f32 {
  lane_values[index] = value;
  workgroupBarrier();
  if (index % 8u == 0u) {
    var highest = lane_values[index];
    for (var l = 1u; l < 8u; l++) { highest = max(highest, lane_values[index + l]); }
    octet_values[index / 8u] = highest;
  }
  workgroupBarrier();
  let first = index / ROW_LANES * (ROW_LANES / 8u);
  var highest = octet_values[first];
  for (var o = 1u; o < ROW_LANES / 8u; o++) { highest = max(highest, octet_values[first + o]); }
  return highest;
}

// Between the last load of a number by other lanes and the store that overwrites it.
fn row_loads_done() {
  storageBarrier();
}
// @else
const ROW_LANES: u32 = 1u;

fn row_of(group: vec3u, index: u32) -> u32 {
  return (group.y * 32768u + group.x) * GROUP + index;
}

fn row_sum(index: u32, value: f32) -> f32 {
  return value;
}

fn row_max(index: u32, value: f32) -> f32 {
  return value;
}

fn row_loads_done() {}
// @end
