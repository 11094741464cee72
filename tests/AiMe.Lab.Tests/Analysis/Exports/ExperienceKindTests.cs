using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Lab.Analysis.Exports;
using AiMe.Lab.Tests.Runs.Forks;

namespace AiMe.Lab.Tests.Analysis.Exports;

/// <summary>What an export says of where an experience comes from.</summary>
public sealed class ExperienceKindTests : IAsyncLifetime
{
    private LivedStore _lived = null!;

    public async Task InitializeAsync() => _lived = await LivedStore.OpenAsync();

    public async Task DisposeAsync() => await _lived.DisposeAsync();

    [Fact]
    public async Task A_forks_copies_of_its_parents_experiences_are_inherited_and_its_own_are_the_forks()
    {
        var parent = await _lived.InstanceAsync(LivedStore.Parent);
        var at = parent.Where(e => e.Happened is Faculties.Memory.Stored).ElementAt(1).Index;
        var child = (await _lived.MakeAsync(await _lived.OrderAsync(at)))[0].Name;
        await _lived.LiveAsync(child);
        var grandchild = (await _lived.MakeAsync(await _lived.OrderAsync(at, child)))[0].Name;

        (await ReadAsync(ExportFilter.All, LivedStore.Parent)).ShouldAllBe(e => e.Kind == ExperienceKind.Planned && e.Parent == null);
        var own = await ReadAsync(ExportFilter.All, child);
        own.Take(2).ShouldAllBe(e => e.Kind == ExperienceKind.Inherited && e.Parent == LivedStore.Parent);
        own.Skip(2).ShouldAllBe(e => e.Kind == ExperienceKind.Fork);
        own.Count.ShouldBeGreaterThan(2);
        own.ShouldAllBe(e => e.Generation == e.Experience.Round - 1);
        (await ReadAsync(ExportFilter.All, grandchild)).ShouldAllBe(e => e.Kind == ExperienceKind.Inherited && e.Parent == child);

        var leftOut = 0;
        var planned = await ReadAsync(ExportFilter.All with { PlannedOnly = true }, leftOut: () => leftOut++);
        planned.ShouldAllBe(e => e.Kind == ExperienceKind.Planned);
        leftOut.ShouldBe(own.Count + 2);
    }

    private async Task<List<LivedExperience>> ReadAsync(ExportFilter filter, string? instance = null, Action? leftOut = null)
    {
        List<LivedExperience> read = [];
        await foreach (
            var one in ExportReader.ReadAsync(
                _lived.Store.Journal,
                await _lived.StateAsync(),
                instance is null ? [] : [instance],
                filter,
                leftOut,
                CancellationToken.None
            )
        )
            read.Add(one);
        return read;
    }
}
