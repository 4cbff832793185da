using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ModularShop.Messaging;

public static class SagaMapping
{
    /// <summary>Maps a saga's key and its steps, in a table of their own: <c>&lt;table&gt;_steps</c>.</summary>
    public static void MapSaga<TSaga, TState>(this EntityTypeBuilder<TSaga> saga, string table)
        where TSaga : Saga<TState>
        where TState : struct, Enum
    {
        saga.ToTable(table);
        saga.HasKey(s => s.Id);
        saga.OwnsMany(s => s.Steps, step =>
        {
            step.ToTable($"{table}_steps");
            step.WithOwner().HasForeignKey(s => s.SagaId);
            step.HasKey(s => new { s.SagaId, s.Number });
            step.Property(s => s.State).HasMaxLength(40);
            step.Property(s => s.Note).HasMaxLength(1000);
        });
        saga.Navigation(s => s.Steps).UsePropertyAccessMode(PropertyAccessMode.Field);
    }
}
