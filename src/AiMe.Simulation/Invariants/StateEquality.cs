using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AiMe.Simulation.Invariants;

/// <summary>Compares states member by member, as their JSON contract lists the members. Not thread-safe.</summary>
/// <remarks>
/// States that it finds equal have the same JSON, and comparing them costs a fraction of writing them. It may find
/// others different although their JSON is the same: then the JSON decides.
/// </remarks>
/// <param name="options">The options of the states' JSON.</param>
internal sealed class StateEquality(JsonSerializerOptions options) : IEqualityComparer
{
    private readonly Dictionary<Type, Shape> _shapes = [];

    /// <inheritdoc cref="IEqualityComparer.Equals(object, object)" />
    public new bool Equals(object? x, object? y)
    {
        if (ReferenceEquals(x, y))
            return true;
        if (x is null || y is null)
            return false;
        return x switch
        {
            string one => y is string other && one == other,
            int one => y is int other && one == other,
            bool one => y is bool other && one == other,
            double one => y is double other && BitConverter.DoubleToInt64Bits(one) == BitConverter.DoubleToInt64Bits(other),
            DateTime one => y is DateTime other && one == other && one.Kind == other.Kind,
            decimal one => y is decimal other && one == other && one.Scale == other.Scale,
            float or Half or DateTimeOffset => false,
            _ => x.GetType() == y.GetType() && HaveSameMembers(x, y),
        };
    }

    int IEqualityComparer.GetHashCode(object obj) => throw new NotSupportedException("States are compared, not looked up.");

    private bool HaveSameMembers(object x, object y)
    {
        var shape = ShapeOf(x.GetType());
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Object:
                foreach (var member in shape.Members)
                {
                    if (!Equals(member(x), member(y)))
                        return false;
                }

                return true;
            case JsonTypeInfoKind.Enumerable when x is IStructuralEquatable elements: // an immutable array
                return elements.Equals(y, this);
            case JsonTypeInfoKind.Enumerable when (x, y) is (IList one, IList other):
                return one.Count == other.Count && HaveSameElements(one.GetEnumerator(), other.GetEnumerator());
            case JsonTypeInfoKind.Dictionary when (x, y) is (IDictionary one, IDictionary other):
                return HaveSameEntries(one.GetEnumerator(), other.GetEnumerator());
            case JsonTypeInfoKind.None: // a value of its own converter
                return x.Equals(y);
            default:
                return false;
        }
    }

    private bool HaveSameElements(IEnumerator x, IEnumerator y)
    {
        while (x.MoveNext() && y.MoveNext())
        {
            if (!Equals(x.Current, y.Current))
                return false;
        }

        return true;
    }

    private bool HaveSameEntries(IDictionaryEnumerator x, IDictionaryEnumerator y)
    {
        while (x.MoveNext())
        {
            if (!y.MoveNext() || !x.Key.Equals(y.Key) || !Equals(x.Value, y.Value))
                return false;
        }

        return !y.MoveNext();
    }

    private Shape ShapeOf(Type type)
    {
        if (!_shapes.TryGetValue(type, out var shape))
        {
            var json = options.GetTypeInfo(type);
            _shapes[type] = shape = new Shape(json.Kind, [.. json.Properties.Select(p => p.Get).OfType<Func<object, object?>>()]);
        }

        return shape;
    }

    private readonly record struct Shape(JsonTypeInfoKind Kind, Func<object, object?>[] Members);
}
