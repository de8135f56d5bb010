/// Reordering of elements stored with the first index varying fastest.
enum FortranOrder {
  /// The elements in row-major order.
  ///
  /// - Precondition: `data.count` is the product of `shape` times `elementSize`, which is
  ///   1, 2, 4 or 8.
  static func rowMajor(
    _ data: ArraySlice<UInt8>, shape: [Int], elementSize: Int
  ) -> [UInt8] {
    // Extents of 1 do not affect the order; without them there are at most 63 axes.
    let axes = shape.filter { $0 != 1 }
    guard axes.count > 1, !data.isEmpty else { return Array(data) }
    switch elementSize {
    case 8: return reordered(data, axes, UInt64.self)
    case 4: return reordered(data, axes, UInt32.self)
    case 2: return reordered(data, axes, UInt16.self)
    default: return reordered(data, axes, UInt8.self)
    }
  }

  private static func reordered<Element: BitwiseCopyable>(
    _ data: ArraySlice<UInt8>, _ shape: [Int], _ type: Element.Type
  ) -> [UInt8] {
    let size = MemoryLayout<Element>.size
    var strides = [Int](repeating: size, count: shape.count)
    for axis in shape.indices.dropFirst() {
      strides[axis] = strides[axis - 1] * shape[axis - 1]
    }
    let last = shape.count - 1
    let (rowLength, rowStride) = (shape[last], strides[last])

    return [UInt8](unsafeUninitializedCapacity: data.count) { buffer, filled in
      let target = UnsafeMutableRawBufferPointer(buffer)
      data.withUnsafeBytes { source in
        var index = [Int](repeating: 0, count: last)
        var rowStart = 0
        var written = 0
        while written < source.count {
          for column in 0..<rowLength {
            let element = source.loadUnaligned(
              fromByteOffset: rowStart + column * rowStride, as: Element.self)
            target.storeBytes(of: element, toByteOffset: written + column * size, as: Element.self)
          }
          written += rowLength * size
          rowStart = advance(&index, rowStart, shape, strides)
        }
      }
      filled = data.count
    }
  }

  /// Steps `index` to the next row; returns the offset of that row's first element.
  private static func advance(
    _ index: inout [Int], _ offset: Int, _ shape: [Int], _ strides: [Int]
  ) -> Int {
    var offset = offset
    for axis in index.indices.reversed() {
      index[axis] += 1
      offset += strides[axis]
      if index[axis] < shape[axis] { break }
      offset -= shape[axis] * strides[axis]
      index[axis] = 0
    }
    return offset
  }
}
