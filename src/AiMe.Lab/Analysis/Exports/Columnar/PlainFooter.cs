using System.Buffers.Binary;

namespace AiMe.Lab.Analysis.Exports.Columnar;

/// <summary>Takes the smallest and largest values of columns out of a Parquet file's footer.</summary>
/// <remarks>
/// Parquet.Net 6.1 writes some of them wrong: texts in the order of UTF-16, where readers expect that of UTF-8, and times
/// in milliseconds whatever their unit. Readers skip groups of rows by them, so that queries would miss rows. They are
/// optional. The footer is a struct of Thrift's compact protocol; everything else in it is copied.
/// </remarks>
internal static class PlainFooter
{
    private const int Tail = 8; // length of the footer, and PAR1

    // FileMetaData.row_groups, RowGroup.columns, ColumnChunk.meta_data, ColumnMetaData.statistics
    private static readonly int[] s_statistics = [4, 1, 3, 12];

    /// <summary>Rewrites the footer of a complete file.</summary>
    public static void Write(FileStream file)
    {
        Span<byte> tail = stackalloc byte[Tail];
        file.Position = file.Length - Tail;
        file.ReadExactly(tail);
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        var start = file.Length - Tail - length;
        var footer = new byte[length];
        file.Position = start;
        file.ReadExactly(footer);
        var plain = new Copier(footer).Copy();
        file.Position = start;
        file.Write(plain);
        BinaryPrimitives.WriteInt32LittleEndian(tail, plain.Length);
        file.Write(tail);
        file.SetLength(file.Position);
    }

    private sealed class Copier(byte[] from)
    {
        private readonly MemoryStream _to = new(from.Length);
        private readonly List<int> _path = [];
        private int _at;
        private bool _drops;

        // The types of the compact protocol.
        private enum ThriftKind
        {
            Stop,
            True,
            False,
            Byte,
            I16,
            I32,
            I64,
            Double,
            Binary,
            List,
            Set,
            Map,
            Struct,
        }

        public byte[] Copy()
        {
            Struct();
            return _to.ToArray();
        }

        private void Struct()
        {
            var (read, written) = (0, 0);
            while (true)
            {
                var header = from[_at++];
                var kind = (ThriftKind)(header & 0xF);
                if (kind == ThriftKind.Stop)
                {
                    Put(0);
                    return;
                }

                read = header >> 4 is > 0 and var delta ? read + delta : (int)Unzigzag(Number(copies: false));
                _path.Add(read);
                var (drops, outer) = (_path.SequenceEqual(s_statistics), _drops);
                if (!drops)
                {
                    Header(read - written, read, kind);
                    written = read;
                }

                _drops = outer || drops;
                Value(kind, isElement: false);
                _drops = outer;
                _path.RemoveAt(_path.Count - 1);
            }
        }

        private void Header(int delta, int field, ThriftKind kind)
        {
            if (delta is > 0 and < 16)
            {
                Put((byte)((delta << 4) | (int)kind));
                return;
            }

            Put((byte)kind);
            Varint((ulong)(field << 1)); // field numbers are above 0
        }

        private void Value(ThriftKind kind, bool isElement)
        {
            switch (kind)
            {
                case ThriftKind.True or ThriftKind.False when !isElement:
                    break; // the header is the value
                case ThriftKind.True or ThriftKind.False or ThriftKind.Byte:
                    Bytes(1);
                    break;
                case ThriftKind.I16 or ThriftKind.I32 or ThriftKind.I64:
                    Number(copies: true);
                    break;
                case ThriftKind.Double:
                    Bytes(sizeof(double));
                    break;
                case ThriftKind.Binary:
                    Bytes((int)Number(copies: true));
                    break;
                case ThriftKind.List or ThriftKind.Set:
                    var header = from[_at];
                    Bytes(1);
                    var size = header >> 4 == 0xF ? (int)Number(copies: true) : header >> 4;
                    for (var i = 0; i < size; i++)
                        Value((ThriftKind)(header & 0xF), isElement: true);
                    break;
                case ThriftKind.Struct:
                    Struct();
                    break;
                default:
                    throw new InvalidDataException($"the footer of a Parquet file has no value of the kind {kind}");
            }
        }

        private ulong Number(bool copies)
        {
            var (value, shift) = (0UL, 0);
            while (true)
            {
                var next = from[_at++];
                value |= (ulong)(next & 0x7F) << shift;
                shift += 7;
                if (next < 0x80)
                    break;
            }

            if (copies)
                Varint(value);
            return value;
        }

        private static long Unzigzag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                Put((byte)(value | 0x80));
            Put((byte)value);
        }

        private void Bytes(int count)
        {
            if (!_drops)
                _to.Write(from, _at, count);
            _at += count;
        }

        private void Put(byte value)
        {
            if (!_drops)
                _to.WriteByte(value);
        }
    }
}
