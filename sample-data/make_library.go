// SPDX-License-Identifier: MIT

// Command make_library writes library.db, the teaching database, with the real bbolt library:
//
//	apt-get install golang-go golang-github-coreos-bbolt-dev
//	cd sample-data
//	GO111MODULE=off GOPATH=/usr/share/gocode go run make_library.go library_tables.go OUT.db
//
// The same bytes come out on every run. bbolt walks Go maps while it commits, so the order in which
// it allocates pages is only fixed when a transaction changes a single bucket; every transaction
// below does just that.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"math/rand"
	"os"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

const pageSize = 1024 // small pages: a tree of height 3 fits on a screen

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: make_library OUT.db (must not exist)")
	}
	if _, err := os.Stat(os.Args[1]); err == nil {
		log.Fatalf("%s exists", os.Args[1])
	}
	db, err := bolt.Open(os.Args[1], 0o644, &bolt.Options{PageSize: pageSize, NoSync: true})
	if err != nil {
		log.Fatal(err)
	}
	fill(db)
	if err := db.Close(); err != nil {
		log.Fatal(err)
	}
}

func fill(db *bolt.DB) {
	for _, name := range []string{"authors", "books", "excerpts", "hours", "loans"} {
		update(db, func(tx *bolt.Tx) error { _, err := tx.CreateBucket([]byte(name)); return err })
	}
	putAuthors(db)
	putBooks(db)
	putHours(db)
	update(db, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("excerpts")).Put([]byte("moby-dick"), []byte(shortExcerpt))
	})
	update(db, func(tx *bolt.Tx) error {
		return tx.Bucket([]byte("excerpts")).Put([]byte("alices-adventures-in-wonderland"), []byte(longExcerpt))
	})
	putLoans(db)
	withdraw(db)
	// The last two commits: the file keeps the state between them behind its other meta page.
	addBook(db, "Middlemarch|eliot|1871|2")
	returnLoan(db, "2026-03", 41, "2026-03-28")
}

func update(db *bolt.DB, change func(*bolt.Tx) error) {
	if err := db.Update(change); err != nil {
		log.Fatal(err)
	}
}

func encode(value interface{}) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		log.Fatal(err)
	}
	return text
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return n
}

type author struct {
	Name    string `json:"name"`
	Born    int    `json:"born"`
	Died    int    `json:"died"`
	Country string `json:"country"`
}

type book struct {
	Title    string `json:"title"`
	Author   string `json:"author"`
	Year     int    `json:"year"`
	Copies   int    `json:"copies"`
	Shelf    string `json:"shelf"`
	Room     string `json:"room"`
	Added    string `json:"added"`
	Borrowed int    `json:"borrowed"`
}

type loan struct {
	Book   string  `json:"book"`
	Member string  `json:"member"`
	Out    string  `json:"out"`
	Due    string  `json:"due"`
	Back   *string `json:"back"`
}

// putAuthors adds the authors in batches, in the order of the list: by name.
func putAuthors(db *bolt.DB) {
	rows := lines(authors)
	for start := 0; start < len(rows); start += 16 {
		update(db, func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte("authors"))
			for _, row := range rows[start:min(start+16, len(rows))] {
				f := strings.Split(row, "|")
				value := encode(author{f[1], number(f[2]), number(f[3]), f[4]})
				if err := b.Put([]byte(f[0]), value); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// putBooks adds the books as a library buys them, in no order: so that leaves split and refill.
func putBooks(db *bolt.DB) {
	rows := lines(books)
	rand.New(rand.NewSource(1843)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	for _, row := range rows {
		addBook(db, row)
	}
}

func addBook(db *bolt.DB, row string) {
	f := strings.Split(row, "|")
	update(db, func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte("books"))
		n, err := b.NextSequence()
		if err != nil {
			return err
		}
		entry := book{
			Title: f[0], Author: f[1], Year: number(f[2]), Copies: number(f[3]),
			Shelf:    fmt.Sprintf("%c-%02d", 'A'+n%7, n%40),
			Room:     []string{"Reading room", "Main hall", "Gallery", "Children's room"}[n%4],
			Added:    time.Date(2025, time.January, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, 2*int(n)).Format("2006-01-02"),
			Borrowed: int(n*37%61) * number(f[3]),
		}
		return b.Put([]byte(slug(f[0])), encode(entry))
	})
}

// putHours fills a bucket that is small enough to stay inside its parent's leaf.
func putHours(db *bolt.DB) {
	update(db, func(tx *bolt.Tx) error {
		for _, row := range []string{"1-mon|closed", "2-tue|10-18", "3-wed|10-20", "4-thu|10-18", "5-fri|10-18", "6-sat|10-14"} {
			f := strings.Split(row, "|")
			if err := tx.Bucket([]byte("hours")).Put([]byte(f[0]), []byte(f[1])); err != nil {
				return err
			}
		}
		return nil
	})
}

// putLoans makes one nested bucket a month; keys are 8-byte big-endian loan numbers. January and
// April have so few loans that their buckets stay inline.
func putLoans(db *bolt.DB) {
	random := rand.New(rand.NewSource(1851))
	rows := lines(books)
	months := []struct {
		name  string
		count int
	}{{"2026-01", 1}, {"2026-02", 18}, {"2026-03", 26}, {"2026-04", 1}}
	for _, month := range months {
		update(db, func(tx *bolt.Tx) error {
			_, err := tx.Bucket([]byte("loans")).CreateBucket([]byte(month.name))
			return err
		})
		first, err := time.Parse("2006-01-02", month.name+"-01")
		if err != nil {
			log.Fatal(err)
		}
		for i := 0; i < month.count; i++ {
			title := strings.Split(rows[random.Intn(len(rows))], "|")[0]
			out := first.AddDate(0, 0, i)
			entry := loan{slug(title), fmt.Sprintf("M%04d", 1+random.Intn(60)), out.Format("2006-01-02"),
				out.AddDate(0, 0, 21).Format("2006-01-02"), nil}
			if random.Intn(3) > 0 {
				back := out.AddDate(0, 0, 3+random.Intn(18)).Format("2006-01-02")
				entry.Back = &back
			}
			addLoan(db, month.name, entry)
		}
	}
}

func addLoan(db *bolt.DB, month string, entry loan) {
	update(db, func(tx *bolt.Tx) error {
		loans := tx.Bucket([]byte("loans"))
		n, err := loans.NextSequence()
		if err != nil {
			return err
		}
		return loans.Bucket([]byte(month)).Put(loanKey(n), encode(entry))
	})
}

func loanKey(n uint64) []byte {
	key := make([]byte, 8)
	binary.BigEndian.PutUint64(key, n)
	return key
}

func returnLoan(db *bolt.DB, month string, n uint64, day string) {
	update(db, func(tx *bolt.Tx) error {
		b := tx.Bucket([]byte("loans")).Bucket([]byte(month))
		var entry loan
		if err := json.Unmarshal(b.Get(loanKey(n)), &entry); err != nil {
			return err
		}
		entry.Back = &day
		return b.Put(loanKey(n), encode(entry))
	})
}

// withdraw takes books off the shelves: leaves empty and merge, their pages become free.
func withdraw(db *bolt.DB) {
	for _, key := range strings.Fields(withdrawn) {
		update(db, func(tx *bolt.Tx) error {
			b := tx.Bucket([]byte("books"))
			if b.Get([]byte(key)) == nil {
				return fmt.Errorf("no book %s", key)
			}
			return b.Delete([]byte(key))
		})
	}
}

// slug makes a key from a title: "Les Misérables" is les-miserables.
func slug(title string) string {
	plain := strings.NewReplacer("é", "e", "ô", "o", "Á", "a", "'", "", "!", "").Replace(title)
	return strings.ReplaceAll(strings.ToLower(plain), " ", "-")
}

func lines(table string) []string { return strings.Split(strings.TrimSpace(table), "\n") }

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}
