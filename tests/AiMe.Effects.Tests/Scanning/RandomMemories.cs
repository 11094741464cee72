using System.Collections.Immutable;
using AiMe.Faculties;
using AiMe.Faculties.Memory;
using AiMe.Faculties.Tests;

namespace AiMe.Effects.Tests.Scanning;

/// <summary>Memories of an instance that a seed draws, and what may happen to them between two recalls.</summary>
internal sealed class RandomMemories
{
    private readonly Random _random;
    private readonly int _width;
    private readonly bool _alike; // few values, so that there are many ties
    private readonly long _tick;
    private readonly MemorySettings _settings;
    private ImmutableArray<MemoryItem> _items = [];
    private int _cycle;

    public RandomMemories(int seed)
    {
        _random = new Random(seed);
        _width = _random.GetItems([1, 2, 15, 16, 33, 64, 100, 256], 1)[0];
        _alike = _random.Next(3) == 0;
        _tick = _random.GetItems(
            [1L, TimeSpan.TicksPerMillisecond, TimeSpan.TicksPerMinute, TimeSpan.TicksPerHour, TimeSpan.TicksPerDay * 30],
            1
        )[0];
        _settings = Some.Memory with
        {
            Recall = _random.GetItems([1, 3, 10, 40, 5000], 1)[0],
            Recency = Weight(),
            Importance = Weight(),
            Relevance = Weight(),
            Decay = _random.GetItems([0.995, 0.9, 0.9999, 0.999999999, 1], 1)[0],
        };
        Add(_random.GetItems([250, 257, 300, 800, 4097, 5000], 1)[0]);
    }

    /// <summary>Components of each vector.</summary>
    public int Width => _width;

    /// <summary>The memories after something has happened to them.</summary>
    public MemoryView Next()
    {
        switch (_random.Next(7))
        {
            case 0:
                Add(_random.Next(300));
                break;
            case 1: // forgotten: the oldest
                _items = _items.RemoveRange(0, Math.Min(_random.Next(20), _items.Length - 1));
                break;
            case 2: // forgotten or rejected: any
                var share = _random.NextDouble() / 2;
                _items = Kept(_items.RemoveAll(_ => _random.NextDouble() < share));
                break;
            case 3: // another vector, as another run of one name may have
                var at = _random.Next(_items.Length);
                _items = _items.SetItem(at, _items[at] with { Embedding = Vector() });
                break;
            case 4: // read again from the journal
                _items = [.. _items.Select(i => i with { Embedding = new Faculties.Embedding([.. i.Embedding.Components]) })];
                break;
            case 5: // one of another place
                _items = _items.Insert(_random.Next(_items.Length), Item());
                break;
            default:
                Add(1);
                break;
        }

        return new MemoryView("kept-1", _settings, _items, At(_random.Next(10) == 0 ? _cycle / 2 : _cycle + 1));
    }

    /// <summary>Marks memories as used.</summary>
    public void Use(ImmutableArray<Hit> hits, DateTime at) =>
        _items = [.. _items.Select(i => hits.Take(10).Any(h => h.Id == i.Id) ? i with { Used = at } : i)];

    public Faculties.Embedding Vector()
    {
        var least = _alike ? -1 : -127;
        return _random.Next(20) == 0
            ? Faculties.Embedding.Undirected(_width)
            : new Faculties.Embedding([.. Enumerable.Range(0, _width).Select(_ => (sbyte)_random.Next(least, 1 - least))]);
    }

    private void Add(int count) => _items = [.. _items, .. Enumerable.Range(0, count).Select(_ => Item())];

    private MemoryItem Item()
    {
        var importance =
            _alike ? 3
            : _random.Next(2) == 0 ? _random.Next(1, 11)
            : 1 + 9 * _random.NextDouble();
        return new MemoryItem(MemoryId.OfCycle(++_cycle), $"text {_cycle}", importance, At(_cycle), Vector());
    }

    private ImmutableArray<MemoryItem> Kept(ImmutableArray<MemoryItem> left) => left.IsEmpty ? _items : left;

    private DateTime At(int cycle) => Some.Epoch.AddTicks(_tick * (_alike ? cycle / 100 : cycle));

    private double Weight() => _random.GetItems([0, 0.5, 1, 1, 3, 1e-9], 1)[0];
}
