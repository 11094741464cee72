using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Supervisor;
using AiMe.Lab.Tests.Analysis.Comparison;
using AiMe.Lab.Tests.Runs;
using AiMe.Web.View.Live;

namespace AiMe.Web.Tests.View;

/// <summary>When a report is drawn again.</summary>
public sealed class ReportCacheTests : IAsyncLifetime
{
    private static readonly RunPlan Plan = Lives.Plan(1, Lives.Variant("wild"), Lives.Variant("tame"));

    private WrittenStore _written = default!;
    private ReportCache _cache = default!;

    public async Task InitializeAsync()
    {
        _written = await WrittenStore.OpenAsync();
        _cache = new ReportCache(_written.Store);
        await _written.AppendAsync(Plan.Run, FacultyAddress.Supervisor, new RunPlanned(Plan));
    }

    public async Task DisposeAsync()
    {
        _cache.Dispose();
        await _written.DisposeAsync();
    }

    [Fact]
    public async Task Rows_of_another_run_do_not_draw_it_again()
    {
        var first = await DrawAsync();
        await _written.AppendAsync($"{Plan.Run}-other", new FacultyAddress("wild-1", Loop.Memory), StoredAnswer.Of(1, 1, "An answer."));
        (await DrawAsync()).ShouldBeSameAs(first);
    }

    [Fact]
    public async Task A_row_of_the_run_draws_it_again()
    {
        var first = await DrawAsync();
        await _written.AppendAsync(Plan.Run, FacultyAddress.Supervisor, new InstanceParked("wild-1", "for the test"));
        (await DrawAsync()).ShouldNotBeSameAs(first);
    }

    private async Task<string> DrawAsync() => (await _cache.HtmlAsync(Plan.Run, CancellationToken.None)).ShouldNotBeNull();
}
