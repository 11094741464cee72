using AiMe.EventSourcing;

namespace AiMe.Simulation;

/// <summary>The scripted outcome of a name: always the same, however often it is asked for.</summary>
internal readonly record struct ScriptedOutcome(ulong Value)
{
    /// <summary>The outcome of an effect of an instance in a world.</summary>
    public static ScriptedOutcome Of(Seed world, string instance, string effect) =>
        new ScriptedOutcome(world.Value).Of(instance).Of(effect);

    /// <summary>The outcome of a named part.</summary>
    public ScriptedOutcome Of(string part)
    {
        var hash = Value ^ 0xCBF29CE484222325;
        foreach (var c in part)
            hash = (hash ^ c) * 0x100000001B3;
        return new(Mix(hash));
    }

    /// <summary>A number in [0, 1).</summary>
    public double Unit => (Value >> 11) * (1.0 / (1UL << 53));

    /// <summary>Eight hexadecimal digits.</summary>
    public override string ToString() => ((uint)Value).ToString("x8", System.Globalization.CultureInfo.InvariantCulture);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
