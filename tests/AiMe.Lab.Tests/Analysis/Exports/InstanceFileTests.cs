using System.Collections.Immutable;
using System.Text;
using AiMe.EventSourcing;
using AiMe.Faculties;
using AiMe.Faculties.Self;
using AiMe.Faculties.Supervisor;
using AiMe.Journal;
using AiMe.Lab.History;
using AiMe.Lab.History.Replay;
using AiMe.Lab.Runs.InstanceFiles;
using AiMe.Lab.Tests.History.Replay;

namespace AiMe.Lab.Tests.Analysis.Exports;

public sealed class InstanceFileTests
{
    private const int Alterations = 400;

    [Fact]
    public async Task A_restored_instance_has_the_same_rows_byte_for_byte_and_the_same_digests()
    {
        var instance = await FinishedAsync();
        var (journal, blobs) = (Journal(), new InMemoryBlobs());

        await RestoreAsync(await ExportAsync(instance), journal, blobs);

        (await RowsAsync(journal)).ShouldBe(await RowsAsync(instance.Journal), ignoreOrder: true);
        var (before, after) = (
            await InstanceReader.ReadRunAsync(instance.Journal, instance.Plan.Run, CancellationToken.None),
            await InstanceReader.ReadRunAsync(journal, instance.Plan.Run, CancellationToken.None)
        );
        after!.Digest.ShouldBe(before!.Digest.ShouldNotBeNull());
        (await Timeline.OpenAsync(journal, after, WrittenInstance.Instance, CancellationToken.None)).End.Heads.ShouldBe(instance.Heads);
    }

    [Fact]
    public async Task Exporting_what_was_restored_gives_the_same_file_but_for_the_times_of_writing()
    {
        var file = await ExportAsync(await FinishedAsync());
        var (journal, blobs) = (Journal(), new InMemoryBlobs());
        await RestoreAsync(file, journal, blobs);

        var again = await ExportAsync(journal, blobs, weights: true);

        again.ShouldBe(file); // the clock of both journals stands still at one time
    }

    [Fact]
    public async Task A_restored_row_says_when_it_was_first_written()
    {
        var instance = await FinishedAsync();
        var journal = new InMemoryJournal(new Runs.StillClock { Now = new(2031, 5, 6, 7, 8, 9, TimeSpan.Zero) });
        await RestoreAsync(await ExportAsync(instance), journal, new InMemoryBlobs());
        var times = new List<long>();
        await foreach (var row in journal.ReadAllAsync(0, CancellationToken.None))
            times.Add(row.CreatedTicks);
        times.Distinct().ShouldBe([new Runs.StillClock().Now.UtcTicks]);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    public async Task A_time_of_writing_that_is_none_is_refused(string ticks)
    {
        var file = Encoding.UTF8.GetString(await ExportAsync(await FinishedAsync()));
        var other = System.Text.RegularExpressions.Regex.Replace(file, "\"created\":[0-9]+", $"\"created\":{ticks}");
        (
            await Should.ThrowAsync<InstanceFileException>(() => CheckAsync(Encoding.UTF8.GetBytes(other), Journal(), new InMemoryBlobs()))
        ).Message.ShouldContain("expected \"created\" as UTC ticks");
    }

    [Fact]
    public async Task Restoring_twice_writes_nothing_the_second_time()
    {
        var file = await ExportAsync(await FinishedAsync());
        var (journal, blobs) = (Journal(), new InMemoryBlobs());
        await RestoreAsync(file, journal, blobs);

        var found = await RestoreAsync(file, journal, blobs);

        (found.Rows, found.Blobs, found.Instances.Single().Missing).ShouldBe((0, 0, 0));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(30)]
    [InlineData(75)]
    public async Task What_was_cut_off_is_invisible_and_completed_by_the_same_file(int appends)
    {
        var instance = await FinishedAsync();
        var file = await ExportAsync(instance);
        var (journal, blobs) = (Journal(), new InMemoryBlobs());
        var found = await CheckAsync(file, journal, blobs);
        await Should.ThrowAsync<IOException>(() =>
            InstanceImport.WriteAsync(new MemoryStream(file), found, new FailingJournal(journal, appends), blobs, CancellationToken.None)
        );
        (await InstanceReader.RunsAsync(journal, CancellationToken.None)).ShouldBeEmpty("a run is there when its supervisor is");

        await RestoreAsync(file, journal, blobs);

        (await RowsAsync(journal)).ShouldBe(await RowsAsync(instance.Journal), ignoreOrder: true);
    }

    [Fact]
    public async Task A_file_that_is_altered_anywhere_is_refused_and_nothing_is_written()
    {
        var file = await ExportAsync(await FinishedAsync());
        var seed = new Seed(20260101);
        for (var i = 0; i < Alterations; i++)
        {
            var place = (int)(seed.Derive("place", i).Value % (ulong)file.Length);
            var altered = (byte[])file.Clone();
            altered[place] ^= (byte)(1 << (int)(seed.Derive("bit", i).Value % 8));

            var refused = await Should.ThrowAsync<InstanceFileException>(
                () => CheckAsync(altered, Journal(), new InMemoryBlobs()),
                $"bit flipped in byte {place} of {file.Length}"
            );

            refused.Message.ShouldNotBeNullOrWhiteSpace();
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_off_anywhere_is_refused()
    {
        var file = await ExportAsync(await FinishedAsync());
        for (var i = 0; i < Alterations / 4; i++)
        {
            var length = (int)(new Seed(7).Derive("length", i).Value % (ulong)file.Length);
            (
                await Should.ThrowAsync<InstanceFileException>(
                    () => CheckAsync(file[..length], Journal(), new InMemoryBlobs()),
                    $"{length} of {file.Length} bytes"
                )
            ).Message.ShouldContain("line");
        }
    }

    [Theory]
    [InlineData("delete", "expected sequence number")]
    [InlineData("double", "expected sequence number")]
    [InlineData("swap", "expected sequence number")]
    [InlineData("append", "expected nothing after the end line")]
    [InlineData("no end", "the file is incomplete")]
    [InlineData("no head", "expected the head of the file")]
    public async Task Whole_lines_deleted_doubled_or_swapped_are_named_with_their_number(string deed, string said)
    {
        var lines = Encoding
            .UTF8.GetString(await ExportAsync(await FinishedAsync()))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .ToList();
        var at = lines.FindIndex(l => l.Contains("\"memory.recalled@1\"", StringComparison.Ordinal));
        switch (deed)
        {
            case "delete":
                lines.RemoveAt(at);
                break;
            case "double":
                lines.Insert(at, lines[at]);
                break;
            case "swap":
                (lines[at], lines[^2]) = (lines[^2], lines[at]);
                break;
            case "append":
                lines.Add(lines[^1]);
                break;
            case "no end":
                lines.RemoveAt(lines.Count - 1);
                break;
            default:
                lines.RemoveAt(0);
                break;
        }

        var refused = await Should.ThrowAsync<InstanceFileException>(() =>
            CheckAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), Journal(), new InMemoryBlobs())
        );

        refused.Message.ShouldContain(said);
        refused.Message.ShouldContain("line ");
    }

    [Fact]
    public async Task A_journal_that_has_another_event_under_the_same_name_is_not_touched()
    {
        var file = await ExportAsync(await FinishedAsync());
        var other = await WrittenInstance.OfAsync(1, Journal());
        other.Add(new Heard(2, other.Plan.Epoch, new Stimulus("x", "Another life.", "talk")));
        await other.FlushAsync();
        var before = await RowsAsync(other.Journal);

        var refused = await Should.ThrowAsync<InstanceFileException>(() => RestoreAsync(file, other.Journal, new InMemoryBlobs()));

        refused.Message.ShouldContain("exists already, but with another event at sequence number");
        (await RowsAsync(other.Journal)).ShouldBe(before);
    }

    [Fact]
    public async Task An_instance_that_went_on_where_it_is_restored_to_is_left_as_it_is()
    {
        var file = await ExportAsync(await FinishedAsync());
        var (journal, blobs) = (Journal(), new InMemoryBlobs());
        await RestoreAsync(file, journal, blobs);
        var stream = PersistenceId.Of(Comparison.Lives.Plan(1).Run, new FacultyAddress(WrittenInstance.Instance, Loop.Self));
        var next = await journal.HighestSequenceNumberAsync(stream, CancellationToken.None) + 1;
        await journal.AppendAsync(
            stream,
            new WriterId("later"),
            [new JournalEntry(next, "self.heard@1", "{}"u8.ToArray())],
            CancellationToken.None
        );

        var found = await RestoreAsync(file, journal, blobs);

        (found.Rows, found.Instances.Single().Beyond).ShouldBe((0, true));
    }

    [Fact]
    public async Task An_instance_without_weights_has_its_texts_and_says_so()
    {
        var instance = await FinishedAsync();
        var file = Encoding.UTF8.GetString(await ExportAsync(instance.Journal, Blobs, weights: false));

        file.ShouldContain("\"weights\":false");
        file.ShouldNotContain("\"blob\":");
    }

    [Fact]
    public async Task A_blob_that_is_missing_is_named_before_a_byte_is_written()
    {
        var instance = await FinishedAsync();
        using var output = new MemoryStream();

        await Should.ThrowAsync<CorruptBlobException>(async () =>
            await InstanceExport.WriteAsync(
                instance.Journal,
                new InMemoryBlobs(),
                (await InstanceReader.ReadRunAsync(instance.Journal, instance.Plan.Run, CancellationToken.None))!,
                [],
                weights: true,
                output,
                CancellationToken.None
            )
        );

        output.Length.ShouldBe(0);
    }

    public static TheoryData<string> Messages =>
        [
            .. new[]
            {
                "{}",
                "{\"i\":1,\"d\":{\"text\":\"Grüße, 你好 😀\"},\"h\":\"x\"}",
                "{\"a\" : 1.50e+3}",
                "{\"a\":\"\\u00e9\\/\"}",
                " {}",
                "{}\n",
                "{\"a\":\n1}",
                "",
                "no json",
                "1",
                "{} {}",
                "[1,]",
                "\"a\\ud800b\"",
            },
        ];

    [Theory, MemberData(nameof(Messages))]
    public void A_message_comes_back_with_the_bytes_that_it_had(string message) => ComesBack(Encoding.UTF8.GetBytes(message));

    [Fact]
    public void Bytes_that_are_no_text_come_back_too()
    {
        ComesBack([0xff, 0x00, 0x80]);
        ComesBack([(byte)'"', 0xc3, 0x28, (byte)'"']);
        ComesBack([.. Enumerable.Repeat((byte)'[', 500), .. Enumerable.Repeat((byte)']', 500)]);
    }

    private static void ComesBack(byte[] message)
    {
        var row = new InstanceFileLine.Row(new PersistenceId("run/x/self"), 3, "self.heard@1", new WriterId("w"), 42, message);
        var line = row.Write();

        line.Span.Count((byte)'\n').ShouldBe(1);
        var back = InstanceFileLine.Read(line[..^1]).ShouldBeOfType<InstanceFileLine.Row>();
        back.Message.ToArray().ShouldBe(message);
        (back.Stream, back.Number, back.Manifest, back.Writer, back.CreatedTicks).ShouldBe(
            (row.Stream, row.Number, row.Manifest, row.Writer, row.CreatedTicks)
        );
    }

    // The model's name is a digest here, so that the file has weights in it.
    private static readonly byte[] Weights = [1, 2, 3, 4, 5];

    private static InMemoryBlobs Blobs { get; } = new();

    private static async Task<WrittenInstance> FinishedAsync()
    {
        var weights = await Blobs.PutAsync(Weights, CancellationToken.None);
        var instance = await WrittenInstance.OfAsync(9, Journal(), new ModelId(weights.Sha256));
        await instance.FinishAsync();
        return instance;
    }

    private static InMemoryJournal Journal() => new(new Runs.StillClock());

    private static Task<byte[]> ExportAsync(WrittenInstance instance) => ExportAsync(instance.Journal, Blobs, weights: true);

    private static async Task<byte[]> ExportAsync(IJournal journal, IBlobs blobs, bool weights)
    {
        using var output = new MemoryStream();
        var run = (await InstanceReader.ReadRunAsync(journal, Comparison.Lives.Plan(1).Run, CancellationToken.None))!;
        var told = await InstanceExport.WriteAsync(journal, blobs, run, [], weights, output, CancellationToken.None);
        told.Bytes.ShouldBe(output.Length);
        return output.ToArray();
    }

    private static async Task<InstanceChecked> CheckAsync(byte[] file, IJournal journal, IBlobs blobs)
    {
        using var stream = new MemoryStream(file);
        return await InstanceImport.CheckAsync(stream, journal, blobs, CancellationToken.None);
    }

    private static async Task<InstanceChecked> RestoreAsync(byte[] file, IJournal journal, IBlobs blobs)
    {
        var found = await CheckAsync(file, journal, blobs);
        using var stream = new MemoryStream(file);
        await InstanceImport.WriteAsync(stream, found, journal, blobs, CancellationToken.None);
        return found;
    }

    private static async Task<ImmutableArray<string>> RowsAsync(IJournal journal)
    {
        var rows = ImmutableArray.CreateBuilder<string>();
        await foreach (var row in journal.ReadAllAsync(0, CancellationToken.None))
            rows.Add($"{row.PersistenceId} {row.SequenceNumber} {row.Manifest} {row.Writer} {Convert.ToHexString(row.Message.Span)}");
        return rows.ToImmutable();
    }

    /// <summary>Fails at an append, as a process that is killed would.</summary>
    private sealed class FailingJournal(IJournal inner, int appends) : ReadOnlyJournal(inner)
    {
        private int _left = appends;

        public override async Task AppendAsync(
            PersistenceId stream,
            WriterId writer,
            ImmutableArray<JournalEntry> entries,
            CancellationToken cancellationToken
        )
        {
            // Entry by entry, so that a stream can stop anywhere.
            foreach (var entry in entries)
            {
                if (_left-- == 0)
                    throw new IOException("The machine went away.");
                await base.AppendAsync(stream, writer, [entry], cancellationToken);
            }
        }
    }
}
