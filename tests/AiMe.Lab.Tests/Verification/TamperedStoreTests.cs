using AiMe.EventSourcing;
using AiMe.Faculties.Tests;
using AiMe.Lab.Verification;

namespace AiMe.Lab.Tests.Verification;

/// <summary>Somebody has changed the store, at random places: none is missed, and each is named where it is.</summary>
/// <remarks>The seed stands in the name of each draw; rows that no anchor covers are left out of the drawing, since nobody can see those go.</remarks>
public sealed class TamperedStoreTests(TamperedStoreTests.Pristine pristine) : IClassFixture<TamperedStoreTests.Pristine>, IDisposable
{
    private const ulong Seed = 20260101;
    private readonly LivedStore _lived = pristine.Store.Copy();
    private readonly byte[] _bytes = pristine.Store.Bytes();
    private readonly List<LivedStore.Row> _rows = pristine.Rows;
    private readonly List<LivedStore.Row> _covered = pristine.Covered;

    public void Dispose() => _lived.Dispose();

    [Theory]
    [InlineData("memory.stored@")]
    [InlineData("self.adopted@")]
    [InlineData("trainer.sealed@")]
    [InlineData("supervisor.advanced@")]
    public async Task A_flipped_byte_at_every_place_of_a_message_is_found_in_its_row(string manifest)
    {
        var row = _rows.Where(r => r.Manifest.StartsWith(manifest, StringComparison.Ordinal)).ElementAt(2);
        for (var at = 0; at < row.Message.Length; at += Trials.Step)
        {
            Flip(row, at, 1 + Draw("bits", at) % 255);
            ShouldBeAt(await VerifyAsync(row), row, $"byte {at} of ordering {row.Ordering}");
        }
    }

    [Fact]
    public async Task A_flipped_byte_anywhere_in_any_row_is_found_in_that_row_and_the_rest_stays_readable()
    {
        for (var i = 0; i < Trials.Of(150); i++)
        {
            var row = _rows[Draw("row", i) % _rows.Count];
            Flip(row, Draw("byte", i) % row.Message.Length, 1 + Draw("bits", i) % 255);
            var found = await _lived.VerifyAsync();
            ShouldBeAt(found, row, $"trial {i}");
            found.Divergences.Length.ShouldBe(1, $"trial {i}");
            _lived.Change("UPDATE journal SET message = $m WHERE ordering = $o", ("$m", row.Message), ("$o", row.Ordering));
        }
    }

    [Fact]
    public async Task An_instance_of_which_no_row_is_there_is_told_once_as_restored_without_it_or_deleted_whole()
    {
        _lived.Change("DELETE FROM journal WHERE persistence_id LIKE $s", ("$s", "%/kept-1/%"));
        _lived.Change("DELETE FROM snapshot WHERE persistence_id LIKE $s", ("$s", "%/kept-1/%"));
        var told = (await _lived.VerifyAsync()).Divergences.ShouldHaveSingleItem();
        told.Stream.ShouldBe($"{LivedStore.Run}/kept-1");
        told.Meaning.ShouldContain("restored from a file of other instances");
        (await _lived.VerifyAsync(LivedStore.Run, "kept-2")).Divergences.ShouldBeEmpty("what is there can be verified by its name");
    }

    [Fact]
    public async Task A_blank_that_changes_no_meaning_is_found()
    {
        foreach (var (row, i) in Sample(_rows, Trials.Of(20)))
        {
            byte[] message = i % 2 == 0 ? [.. row.Message, (byte)' '] : [.. row.Message[..5], (byte)' ', .. row.Message[5..]];
            Write(row, message);
            (await TrialAsync(row, i)).Field.ShouldBe("message");
        }
    }

    [Fact]
    public async Task A_changed_manifest_is_found_and_the_one_that_was_is_named()
    {
        var manifests = _rows.Select(r => r.Manifest).Distinct().Append("memory.stored@99").Append("").ToList();
        foreach (var (row, i) in Sample(_rows, Trials.Of(60)))
        {
            var other = manifests.Where(m => m != row.Manifest).ElementAt(Draw("manifest", i) % (manifests.Count - 1));
            _lived.Change("UPDATE journal SET manifest = $m WHERE ordering = $o", ("$m", other), ("$o", row.Ordering));
            var found = await TrialAsync(row, i);
            (found.Field, found.Expected, found.Found).ShouldBe(("manifest", row.Manifest, other));
        }
    }

    [Fact]
    public async Task A_changed_index_is_found_and_the_one_that_was_is_named()
    {
        foreach (var (row, i) in Sample(_rows.Where(r => !r.IsSupervisors), Trials.Of(30)))
        {
            Write(
                row,
                new EventEnvelope(
                    row.Index + 1 + Draw("index", i) % 50,
                    EventEnvelope.Read(row.Message).Data,
                    EventEnvelope.Read(row.Message).Link
                ).Write()
            );
            var found = await TrialAsync(row, i);
            (found.Field, found.Expected).ShouldBe(("i", $"{row.Index}"));
        }
    }

    [Fact]
    public async Task A_changed_sequence_number_is_found_where_the_row_should_be()
    {
        foreach (var (row, i) in Sample(_covered, Trials.Of(40)))
        {
            _lived.Change(
                "UPDATE journal SET sequence_number = $n WHERE ordering = $o",
                ("$n", Draw("number", i) % 2 == 0 ? 100_000 + i : -i),
                ("$o", row.Ordering)
            );
            await TrialAsync(row, i);
        }
    }

    [Theory]
    [InlineData("DELETE FROM journal WHERE ordering = $o")]
    [InlineData("UPDATE journal SET deleted = 1 WHERE ordering = $o")]
    public async Task A_row_that_is_gone_is_found_be_it_first_or_last_or_between(string damage)
    {
        var ends = _covered.GroupBy(r => r.Stream).SelectMany(s => new[] { s.MinBy(r => r.Number)!, s.MaxBy(r => r.Number)! });
        foreach (var (row, i) in Sample(_covered, Trials.Of(60)).Concat(ends.Select((row, i) => (row, 1000 + i))))
        {
            _lived.Change(damage, ("$o", row.Ordering));
            await TrialAsync(row, i);
        }
    }

    [Fact]
    public async Task A_swapped_pair_is_found_at_its_first_row()
    {
        foreach (var (row, i) in Sample(_rows, Trials.Of(60)))
        {
            var others = _rows.Where(r => r.Stream == row.Stream && r.Number != row.Number).ToList();
            if (others.Count == 0)
                continue;
            var other =
                i % 2 == 0 && others.Find(r => r.Number == row.Number + 1) is { } next ? next : others[Draw("other", i) % others.Count];
            var (first, second) = row.Number < other.Number ? (row, other) : (other, row);
            _lived.Change(
                "UPDATE journal SET message = $m, manifest = $t WHERE ordering = $o",
                ("$m", second.Message),
                ("$t", second.Manifest),
                ("$o", first.Ordering)
            );
            _lived.Change(
                "UPDATE journal SET message = $m, manifest = $t WHERE ordering = $o",
                ("$m", first.Message),
                ("$t", first.Manifest),
                ("$o", second.Ordering)
            );
            await TrialAsync(first, i);
        }
    }

    [Fact]
    public async Task A_changed_writer_is_found_wherever_somebody_else_wrote_before_and_after()
    {
        foreach (var (row, i) in Sample(_covered.Where(IsBetweenOthersOfItsOwn), Trials.Of(60)))
        {
            _lived.Change("UPDATE journal SET writer_uuid = $w WHERE ordering = $o", ("$w", $"writer-{2 + i % 3}"), ("$o", row.Ordering));
            (await TrialAsync(row, i)).Field.ShouldBe("writer_uuid");
        }
    }

    private bool IsBetweenOthersOfItsOwn(LivedStore.Row row)
    {
        var own = _rows.Where(r => row.IsSupervisors ? r.Stream == row.Stream : !r.IsSupervisors && r.Instance == row.Instance).ToList();
        return row.Index > own.Min(r => r.Index) && row.Index < own.Max(r => r.Index);
    }

    [Fact]
    public async Task A_changed_snapshot_is_found_whatever_of_it_was_changed()
    {
        var snapshots = _lived.Snapshots();
        for (var i = 0; i < Trials.Of(90); i++)
        {
            var (stream, number, manifest, bytes) = snapshots[Draw("snapshot", i) % snapshots.Count];
            var (sql, value) = (i % 4) switch
            {
                0 => ("snapshot = $v", (object)Flipped(bytes, Draw("byte", i) % bytes.Length, 1 + Draw("bits", i) % 255)),
                1 => ("manifest = $v", i % 8 == 1 ? manifest[..^1] + "7" : "memory.stat@1"),
                2 => ("sequence_number = $v", i % 8 == 2 ? number + 1 : 100_000L),
                _ => ("snapshot = $v", bytes[..(Draw("length", i) % bytes.Length)]),
            };
            _lived.Change(
                $"UPDATE OR REPLACE snapshot SET {sql} WHERE persistence_id = $id AND sequence_number = $n",
                ("$v", value),
                ("$id", stream),
                ("$n", number)
            );
            var found = await _lived.VerifyAsync();
            found.Divergences.ShouldHaveSingleItem($"trial {i}").Stream.ShouldBe(stream);
            found.Divergences[0].Field.ShouldStartWith("snapshot");
            _lived.PutBack(_bytes);
        }
    }

    [Fact]
    public async Task A_blob_that_is_gone_altered_or_cut_off_is_found_with_an_event_that_refers_to_it()
    {
        foreach (
            var (file, i) in Directory
                .GetFiles(Path.Combine(_lived.Path, "blobs"), "*", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select((f, i) => (f, i))
        )
        {
            var content = File.ReadAllBytes(file);
            foreach (
                var damaged in new[]
                {
                    null,
                    Flipped(content, Draw("byte", i) % content.Length, 1 + Draw("bits", i) % 255),
                    content[..^1],
                    [],
                }
            )
            {
                if (damaged is null)
                    File.Delete(file);
                else
                    File.WriteAllBytes(file, damaged);
                var found = (await _lived.VerifyAsync()).Divergences.ShouldHaveSingleItem();
                found.Expected.ShouldBe(Path.GetFileName(file));
                _rows.Single(r => r.Ordering == found.Ordering).Stream.ShouldBe(found.Stream);
            }

            File.WriteAllBytes(file, content);
        }
    }

    [Fact]
    public async Task The_ends_of_all_streams_of_an_instance_cut_off_together_are_found()
    {
        for (var i = 0; i < 12; i++)
        {
            var last = _covered[Draw("end", i) % _covered.Count];
            if (last.IsSupervisors)
                continue;
            _lived.Change("DELETE FROM snapshot");
            foreach (var row in _rows.Where(r => r.Instance == last.Instance && r.Index >= last.Index))
                _lived.Change("DELETE FROM journal WHERE ordering = $o", ("$o", row.Ordering));
            (await _lived.VerifyAsync()).Divergences.ShouldNotBeEmpty($"trial {i}");
            _lived.PutBack(_bytes);
        }
    }

    [Fact]
    public async Task A_supervisor_that_is_gone_is_named()
    {
        _lived.Change("DELETE FROM journal WHERE persistence_id LIKE '%/supervisor'");
        (await _lived.VerifyAsync()).Divergences.ShouldHaveSingleItem().Stream.ShouldBe($"{LivedStore.Run}/supervisor");
    }

    [Fact]
    public async Task An_instance_that_is_gone_is_named_once()
    {
        _lived.Change("DELETE FROM journal WHERE persistence_id LIKE '%/kept-1/%'; DELETE FROM snapshot");
        (await _lived.VerifyAsync()).Divergences.Select(d => d.Stream).ShouldBe([$"{LivedStore.Run}/kept-1"]);
    }

    [Fact]
    public async Task A_torn_page_of_the_file_costs_the_rows_on_it_and_the_rest_is_read()
    {
        // Leaves of the table alone (their first byte is 13): where an index is torn, no row can be found at all.
        var pages = Enumerable.Range(1, _bytes.Length / 4096 - 1).Where(p => _bytes[p * 4096] == 13).ToList();
        var held = 0;
        for (var i = 0; i < 12; i++)
        {
            var torn = (byte[])_bytes.Clone();
            torn.AsSpan(pages[Draw("page", i) % pages.Count] * 4096, 64).Fill(0xFF);
            _lived.PutBack(torn);
            var found = await _lived.VerifyAsync();
            held += found.Holds ? 1 : 0; // a page of a table that is no evidence
            found.Divergences.ShouldAllBe(d =>
                d.Field == "row" || d.Field == "snapshot" || d.Field.StartsWith("heads", StringComparison.Ordinal) || d.Field == "i"
            );
            var named = found.Divergences.Select(d => d.Stream).ToHashSet(StringComparer.Ordinal);
            found.Counts.Events.ShouldBeGreaterThanOrEqualTo(
                _rows.Count(r => !named.Contains(r.Stream)),
                "a stream that is not named was read whole"
            );
            named.Count.ShouldBeLessThan(21, "one page does not hold rows of all streams");
        }

        held.ShouldBeLessThan(8);
    }

    [Fact]
    public async Task Two_damaged_streams_are_both_named()
    {
        var rows = _rows.Where(r => r.Number == 3).DistinctBy(r => r.Stream).Take(4).ToList();
        foreach (var row in rows)
            Flip(row, 40, 1);
        (await _lived.VerifyAsync()).Divergences.Select(d => d.Stream).ShouldBe(rows.Select(r => r.Stream).Order(StringComparer.Ordinal));
    }

    private static int Draw(string what, int i) => (int)(new Seed(Seed).Derive(what, i).Value & int.MaxValue);

    private static IEnumerable<(LivedStore.Row Row, int I)> Sample(IEnumerable<LivedStore.Row> from, int count)
    {
        var rows = from.ToList();
        return Enumerable.Range(0, count).Select(i => (rows[Draw("row", i) % rows.Count], i));
    }

    private static byte[] Flipped(byte[] bytes, int at, int bits)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[at] ^= (byte)bits;
        return flipped;
    }

    private static void ShouldBeAt(VerificationReport found, LivedStore.Row row, string trial) =>
        found.Divergences.ShouldContain(
            d => d.Stream == row.Stream && d.SequenceNumber == row.Number,
            $"{trial}: {row.Stream} {row.Number}; found {string.Join(" | ", found.Divergences)}"
        );

    private Task<VerificationReport> VerifyAsync(LivedStore.Row row) =>
        row.IsSupervisors ? _lived.VerifyAsync() : _lived.VerifyAsync(LivedStore.Run, row.Instance);

    private void Flip(LivedStore.Row row, int at, int bits) => Write(row, Flipped(row.Message, at, bits));

    private void Write(LivedStore.Row row, byte[] message) =>
        _lived.Change("UPDATE journal SET message = $m WHERE ordering = $o", ("$m", message), ("$o", row.Ordering)).ShouldBe(1);

    // Verifies, finds the divergence in the row, and puts everything back.
    private async Task<Divergence> TrialAsync(LivedStore.Row row, int i)
    {
        var found = await _lived.VerifyAsync();
        ShouldBeAt(found, row, $"trial {i}");
        _lived.PutBack(_bytes);
        return found.Divergences.First(d => d.Stream == row.Stream && d.SequenceNumber == row.Number);
    }

    /// <summary>A store whose run was made once, for copies.</summary>
    public sealed class Pristine : IAsyncLifetime
    {
        internal LivedStore Store { get; private set; } = null!;

        internal List<LivedStore.Row> Rows { get; private set; } = [];

        internal List<LivedStore.Row> Covered { get; private set; } = [];

        public async Task InitializeAsync()
        {
            Store = await LivedStore.LiveAsync();
            Rows = Store.Rows();
            var covered = (await Store.VerifyAsync()).Instances.ToDictionary(l => l.Instance, l => l.Covered);
            var last = Rows.Where(r => r.IsSupervisors).Max(r => r.Number);
            Covered = [.. Rows.Where(r => r.IsSupervisors ? r.Number < last : r.Index <= covered[r.Instance])];
        }

        public Task DisposeAsync()
        {
            Store.Dispose();
            return Task.CompletedTask;
        }
    }
}
