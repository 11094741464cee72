using System.Collections.Immutable;
using AiMe.EventSourcing;

namespace AiMe.Actors;

/// <summary>Keeps rates within one process, with a token bucket for each.</summary>
/// <remarks>
/// A bucket holds the units of one second (at least one), and is filled so that no window of 60 seconds yields more
/// than the rate. It starts empty: it may replace another keeper, whose units must not be given twice.
/// </remarks>
internal sealed class RateKeeper : IRates
{
    private readonly ImmutableDictionary<string, Bucket> _buckets;

    /// <param name="rates">Rates with distinct names.</param>
    public RateKeeper(IEnumerable<Rate> rates, TimeProvider time) =>
        _buckets = rates.ToImmutableDictionary(r => r.Name, r => new Bucket(r.PerMinute, time), StringComparer.Ordinal);

    /// <inheritdoc />
    public Task<int> TakeAsync(string rate, int wanted, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, 1);
        return _buckets.TryGetValue(rate, out var bucket)
            ? bucket.TakeAsync(wanted, cancellationToken)
            : throw new ArgumentException($"There is no rate '{rate}'.", nameof(rate));
    }

    private sealed class Bucket
    {
        private const double Window = 60;

        private readonly TimeProvider _time;
        private readonly double _capacity;
        private readonly double _perSecond;
        private readonly Turns _turns = new();
        private long _filled;
        private double _level;

        public Bucket(int perMinute, TimeProvider time)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(perMinute, 1);
            (_time, _capacity, _filled) = (time, Math.Max(1, perMinute / Window), time.GetTimestamp());
            // capacity + 60 x this is rate + 1: the whole units of any window below 60 s do not exceed the rate
            _perSecond = (perMinute + 1 - _capacity) / Window;
        }

        public Task<int> TakeAsync(int wanted, CancellationToken cancellationToken) =>
            _turns.InTurnAsync(() => ServeAsync(Math.Min(wanted, (int)_capacity), wanted, cancellationToken), cancellationToken);

        private async Task<int> ServeAsync(int least, int most, CancellationToken cancellationToken)
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Fill();
                if (_level >= least)
                {
                    var given = (int)Math.Min(most, _level);
                    _level -= given;
                    return given;
                }

                await Task.Delay(
                    TimeSpan.FromSeconds((least - _level) / _perSecond) + TimeSpan.FromMilliseconds(1),
                    _time,
                    cancellationToken
                );
            }
        }

        private void Fill()
        {
            var now = _time.GetTimestamp();
            _level = Math.Min(_capacity, _level + _time.GetElapsedTime(_filled, now).TotalSeconds * _perSecond);
            _filled = now;
        }
    }
}
