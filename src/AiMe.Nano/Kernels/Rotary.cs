using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AiMe.Nano.Kernels;

/// <summary>
/// Rotary positions: rotates the pair (i, i + half) of a head by position / base^(i / half). Source: Su et al. (2021);
/// the pairing is that of the Hugging Face implementation.
/// </summary>
internal sealed unsafe class Rotary
{
    private readonly Block _cosines, _sines; // (context, half)
    private readonly int _half;

    public Rotary(NanoConfig config)
    {
        _half = config.HeadSize / 2;
        _cosines = new Block((long)config.Context * _half);
        _sines = new Block((long)config.Context * _half);
        for (var i = 0; i < _half; i++)
        {
            var frequency = StrictMath.Pow(config.RotaryBase, -(double)i / _half);
            frequency = config.RotaryScaling?.Stretch(frequency) ?? frequency;
            for (var t = 0; t < config.Context; t++)
            {
                _cosines.Start[t * _half + i] = (float)StrictMath.Cos(t * frequency);
                _sines.Start[t * _half + i] = (float)StrictMath.Sin(t * frequency);
            }
        }
    }

    /// <summary>
    /// Rotates the heads of one row in place; <paramref name="back"/> rotates them the other way, which is the
    /// gradient.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Rotate(float* row, int heads, int position, bool back)
    {
        float* cos = _cosines.Start + position * _half, sin = _sines.Start + position * _half;
        var sign = Vector256.Create(back ? -1f : 1f);
        for (var h = 0; h < heads; h++, row += 2 * _half)
        {
            for (var i = 0; i < _half; i += 8)
            {
                var (c, s) = (Vector256.Load(cos + i), Vector256.Load(sin + i) * sign);
                var (a, b) = (Vector256.Load(row + i), Vector256.Load(row + _half + i));
                (a * c - b * s).Store(row + i);
                (b * c + a * s).Store(row + _half + i);
            }
        }
    }
}
