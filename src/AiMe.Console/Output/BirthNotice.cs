using System.Collections.Immutable;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Analysis.Batteries;

namespace AiMe.Console.Output;

/// <summary>Tells once a run what its battery cannot see, by the answers of the first instance that is born.</summary>
internal sealed class BirthNotice
{
    private int _told;

    /// <summary>Tells nothing: an instance was born before, and it was told then.</summary>
    public void Skip() => _told = 1;

    /// <summary>The lines for the first birth; none for later ones.</summary>
    public ImmutableArray<string> Of(RunPlan plan, Probed probed)
    {
        if (probed.Generation != 0 || Interlocked.Exchange(ref _told, 1) != 0)
            return [];
        var sentences = BatteryWords.Of(BatteryReport.Of(plan.Probes, probed.Results.Bare));
        return sentences.IsEmpty ? [] : [.. sentences.Select(s => $"warning: {s}"), BatteryWords.WhatToDo];
    }
}
