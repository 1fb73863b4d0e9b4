// The lowest finite float32. It stands for "no value yet" in running maxima: WGSL may assume that infinities do not occur.
const F32_LOWEST: f32 = -3.4028234663852886e38;
