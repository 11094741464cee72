using System.Collections.Immutable;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;

namespace AiMe.Lab.Runs.Forks;

/// <summary>
/// A request for one fork of an instance, or for several that differ by their seeds, with as many controls.
/// </summary>
/// <param name="Parent">An instance of the run.</param>
/// <param name="Index">Index of the last event that is shared.</param>
/// <param name="Before">Settings of the parent at that event.</param>
/// <param name="Changed">Settings of the forks; the same as <paramref name="Before"/> if nothing is changed.</param>
/// <param name="As">A name, or null for the next free one.</param>
/// <param name="Replicates">Number of forks in each group; 0 for one fork with the same seed and no control.</param>
public sealed record ForkOrder(string Parent, long Index, InstanceSettings Before, InstanceSettings Changed, string? As, int Replicates)
{
    /// <summary>The forks to make, the changed ones first. An existing fork with the same settings is reused.</summary>
    /// <exception cref="ForkException">A name belongs to another instance, or is too long.</exception>
    public async Task<ImmutableArray<ForkRequest>> WishesAsync(IJournal journal, SupervisorState state, CancellationToken cancellationToken)
    {
        var known = await KnownAsync(journal, state, cancellationToken);
        // Running the same command again resumes unfinished forks, and retries parked ones.
        var open = known
            .Values.Select(w => BaseOf(w.Name))
            .OfType<string>()
            .FirstOrDefault(b =>
                As is null
                && Wishes(b).All(w => known.TryGetValue(w.Name, out var k) && Same(k, w))
                && Wishes(b).Any(w => !state.Instances[w.Name].IsAtRest)
            );
        var name = As
            ?? open
            ?? await Fork.FreeNameAsync(
                journal,
                state,
                Parent,
                b => Wishes(b).All(w => !state.Instances.ContainsKey(w.Name)),
                cancellationToken
            );
        var wishes = Wishes(name);
        foreach (var wish in wishes)
        {
            if ($"{state.Plan!.Run}/{wish.Name}".Length > Fork.LongestName)
                throw new ForkException(
                    $"the name '{state.Plan.Run}/{wish.Name}' would be {state.Plan.Run.Length + 1 + wish.Name.Length} "
                        + $"characters, expected at most {Fork.LongestName}: choose a shorter name with --as"
                );
            if (state.Instances.ContainsKey(wish.Name) && !(known.TryGetValue(wish.Name, out var there) && Same(there, wish)))
                throw new ForkException(
                    $"the run {state.Plan.Run} already has another instance '{wish.Name}'; choose another name with --as"
                );
        }

        return wishes;
    }

    /// <summary>The name of the changed forks without their number, and that of their controls.</summary>
    public static (string Changed, string Control) Arms(string name) => (name, $"{name}-same");

    private ImmutableArray<ForkRequest> Wishes(string name)
    {
        if (Replicates == 0)
            return [Wish(name, Changed)];
        var (changed, control) = Arms(name);
        var same = Before with { Seed = Changed.Seed };
        return
        [
            .. Enumerable.Range(1, Replicates).Select(k => Wish($"{changed}-{k}", ForkReader.Replicate(Changed, Index, k))),
            .. Enumerable.Range(1, Replicates).Select(k => Wish($"{control}-{k}", ForkReader.Replicate(same, Index, k))),
        ];
    }

    private ForkRequest Wish(string name, InstanceSettings settings) =>
        new(name, Parent, Index, Rests: false, settings.Equals(Before) ? null : settings);

    // The name under which a fork of this request would have been made.
    private string? BaseOf(string name) =>
        Replicates == 0 ? name
        : name.EndsWith("-1", StringComparison.Ordinal) ? name[..^2]
        : null;

    private async Task<Dictionary<string, ForkRequest>> KnownAsync(
        IJournal journal,
        SupervisorState state,
        CancellationToken cancellationToken
    )
    {
        Dictionary<string, ForkRequest> known = new(StringComparer.Ordinal);
        foreach (var name in state.Instances.Where(l => l.Value.Parent == Parent).Select(l => l.Key))
        {
            if (await Fork.LastAsync(journal, state.Plan!.Run, name, cancellationToken) is { } forked)
                known.Add(name, new ForkRequest(name, forked.Parent, forked.Index, forked.Rests, forked.Changed));
        }

        return known;
    }

    private static bool Same(ForkRequest one, ForkRequest other) => one == other;
}
