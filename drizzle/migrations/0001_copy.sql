CREATE TYPE "public"."revision_status" AS ENUM('draft', 'published', 'retired');--> statement-breakpoint
CREATE TABLE "template_revisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"template" text NOT NULL,
	"revision" integer NOT NULL,
	"status" "revision_status" NOT NULL,
	"copy" jsonb NOT NULL,
	"author" text NOT NULL,
	"note" text,
	"base_revision" integer NOT NULL,
	"misfit" text,
	"created_at" timestamp with time zone NOT NULL,
	"published_at" timestamp with time zone,
	CONSTRAINT "template_revisions_number" UNIQUE("template","revision")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "template_revisions_one_published" ON "template_revisions" USING btree ("template") WHERE status = 'published';